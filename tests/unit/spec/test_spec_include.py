"""`include`: other projects, each with its own directory and variables, become part of this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from orchestrate.spec import Document, Request, read
from tests.compose import read_with, refused

WEB = "services: {web: {image: 'web:1', depends_on: [db]}}"
DB = """
name: other
x-note: is passed over
services:
  db:
    image: db:$TAG
    env_file: db.env
    label_file: [/etc/labels]
    environment: [TAG, OWN=1]
    secrets: [key]
    volumes: [data:/data]
secrets: {key: {file: key.txt}}
volumes: {data: }
"""


def test_an_included_project_has_its_own_directory_and_variables() -> None:
    files = {
        "data/db.yml": DB,
        "data/.env": "TAG=7\nB=no",
        "data/db.env": "A=$TAG$B",
        "/etc/labels": "a=b",
    }

    found = read_with(f"include: [../data/db.yml]\n{WEB}", files, {"B": "x"})

    assert found.project.name == "shop"
    assert found.data["services"]["db"] == {
        "image": "db:7",
        "environment": {"A": "7x", "OWN": "1", "TAG": "7"},
        "labels": {"a": "b"},
        "volumes": [{"type": "volume", "source": "data", "target": "/data"}],
        "secrets": [{"source": "key", "target": "/run/secrets/key", "mode": "0444"}],
    }
    assert found.data["secrets"] == {"key": {"file": "/srv/data/key.txt"}}


@pytest.mark.parametrize(
    ("include", "files", "environment", "image"),
    [
        pytest.param("[a/x.yml]", {"a/.env": "TAG=a"}, {}, "a", id="own-dotenv"),
        pytest.param(
            "[a/x.yml]", {"a/.env": "TAG=a", ".env": "TAG=top"}, {}, "top", id="outer-first"
        ),
        pytest.param("[a/x.yml]", {"a/.env": "TAG=a"}, {"TAG": "e"}, "e", id="environment-first"),
        pytest.param(
            "[a/x.yml]", {"a/.env": "TAG=${B}c", ".env": "B=b"}, {}, "bc", id="uses-outer"
        ),
        pytest.param(
            "[{path: a/x.yml, project_directory: b}]", {"b/.env": "TAG=b"}, {}, "b", id="directory"
        ),
        pytest.param(
            "[{path: a/x.yml, env_file: b/e}]",
            {"b/e": "TAG=e", "a/.env": "TAG=a"},
            {},
            "e",
            id="file",
        ),
        pytest.param(
            "[{path: [a/x.yml], env_file: [e, b/e]}]",
            {"e": "TAG=1", "b/e": "TAG=2"},
            {},
            "2",
            id="files",
        ),
        pytest.param(
            "[{path: [a/x.yml, b/over.yml]}]",
            {"b/over.yml": "services: {db: {image: over}}"},
            {},
            "over",
            id="merged",
        ),
        pytest.param("['${WHERE}/x.yml']", {}, {"WHERE": "a", "TAG": "v"}, "v", id="variable"),
        pytest.param(
            "[b/y.yml]",
            {"b/y.yml": "include: [../a/x.yml]", "b/.env": "TAG=y"},
            {},
            "y",
            id="nested",
        ),
        pytest.param(
            "[/a/x.yml]",
            {"/a/x.yml": "services: {db: {image: 'db:abs'}}"},
            {},
            "abs",
            id="absolute",
        ),
    ],
)
def test_the_parts_of_an_include(
    include: str, files: Mapping[str, str], environment: Mapping[str, str], image: str
) -> None:
    files = {"a/x.yml": "services: {db: {image: 'db:$TAG'}}", **files}
    request = Request(read_file=files.get)
    documents = [Document("compose.yml", f"include: {include}\nservices: {{web: {{image: w}}}}")]

    found = read(documents, environment, "/srv/shop", request).data["services"]["db"]["image"]

    assert found.removeprefix("db:") == image


def test_a_file_that_is_merged_over_the_including_one_may_change_what_was_included() -> None:
    files = {"shop/db.yml": "services: {db: {image: db, expose: [1]}}"}
    documents = [
        Document("shop/compose.yml", f"include: [db.yml]\n{WEB}"),
        Document("shop/over.yml", "services: {db: {expose: [2]}}"),
    ]

    found = read(documents, {}, "/srv/shop", Request(read_file=files.get))

    assert found.data["services"]["db"]["expose"] == ["1", "2"]


def test_what_is_included_may_be_extended() -> None:
    files = {
        "data/db.yml": "services: {db: {extends: {file: base.yml, service: db}}}",
        "data/base.yml": "services: {db: {image: db, env_file: e}}",
        "data/e": "A=1",
    }
    text = "include: [../data/db.yml]\nservices: {web: {extends: db, user: x}}"

    found = read_with(text, files).data["services"]

    assert found["web"] == {"image": "db", "environment": {"A": "1"}, "user": "x"}


def test_a_project_that_two_others_include_is_there_once() -> None:
    files = {
        "shop/a.yml": "include: [c.yml]\nservices: {a: {image: a}}",
        "shop/b.yml": "include: [./c.yml]\nservices: {b: {image: b}}\nvolumes: ",
        "shop/c.yml": "services: {c: {image: c, command: [x]}}\nvolumes: {data: }",
    }

    found = read_with("include: [a.yml, b.yml, c.yml]\nservices: {web: {image: w}}", files)

    assert sorted(found.data["services"]) == ["a", "b", "c", "web"]


def test_profiles_count_in_what_is_included() -> None:
    files = {"shop/db.yml": "services: {db: {image: db}, ui: {image: ui, profiles: [tools]}}"}

    assert sorted(read_with(f"include: [db.yml]\n{WEB}", files).data["services"]) == ["db", "web"]


def test_files_that_include_ever_more_have_an_end() -> None:
    files: dict[str, Any] = {
        f"shop/{n}.yml": f"include: [{n + 1}.yml, ./{n + 1}.yml, ../shop/{n + 1}.yml]"
        for n in range(15)
    } | {"shop/15.yml": "services: {a: {image: a}}"}
    deep = {f"shop/{n}.yml": f"include: [{n + 1}.yml]" for n in range(100)}

    assert refused("include: [0.yml]", files)[-1].endswith("more than 1000 files are included")
    assert refused("include: [0.yml]", deep)[-1].endswith(
        "is included by more than 20 files, one from within another"
    )


def test_an_empty_include_is_none() -> None:
    assert read_with("include:\nservices: {web: {image: w}}").data["services"] == {
        "web": {"image": "w"}
    }
