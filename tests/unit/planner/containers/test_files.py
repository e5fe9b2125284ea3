"""Configs and secrets: what a container is told of them, and what is wrong with those that it has."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.file import Source
from orchestrate.model.plan import Difference
from orchestrate.planner.containers.files import (
    asked_file,
    file_labels,
    other_files,
    owner_of,
    wrong_file,
)
from tests.builders import changed, container_of, file, given, replica, service

WEB = service(files=given(file(), file(kind="config", name="motd")))
THERE = {"/run/secrets/key": "0:0 0444", "/motd": "0:0 0444"}


def test_a_label_for_each_says_all_but_what_is_in_it() -> None:
    assert file_labels(WEB) == {
        "orchestrate.file./run/secrets/key": "0:0 0444 d1",
        "orchestrate.file./motd": "0:0 0444 d1",
    }


def test_before_it_is_deployed_there_is_no_hash() -> None:
    assert file_labels(service(files=given(file(digest="")))) == {
        "orchestrate.file./run/secrets/key": "0:0 0444"
    }


@pytest.mark.parametrize(
    ("user", "fields", "expected"),
    [
        pytest.param("", {}, (0, 0), id="nobody-in-particular"),
        pytest.param("1000", {}, (1000, 0), id="user"),
        pytest.param("1000:2000", {}, (1000, 2000), id="user-and-group"),
        pytest.param("app:app", {}, (0, 0), id="names"),
        pytest.param("1000:app", {}, (0, 0), id="name-of-a-group"),
        pytest.param("1000:2000", {"uid": 5, "gid": 0}, (5, 0), id="said"),
    ],
)
def test_a_file_is_its_users(user: str, fields: dict[str, Any], expected: tuple[int, int]) -> None:
    (mount,) = given(file(), **fields)

    assert owner_of(service(user=user), mount) == expected


def test_the_module_is_told_where_to_read_and_not_what_is_there() -> None:
    source = Source(kind="variable", name="db_password")
    (mount,) = given(file(source=source), mode=0o400)

    assert asked_file(service(user="33"), mount) == {
        "target": "/run/secrets/key",
        "source": {"variable": "db_password"},
        "uid": 33,
        "gid": 0,
        "mode": "0400",
    }


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        pytest.param(THERE, "", id="all"),
        pytest.param(
            {**THERE, "/motd": "missing"}, "its file /motd is missing, not 0:0 0444", id="missing"
        ),
        pytest.param(
            {**THERE, "/run/secrets/key": "0:0 0666"},
            "its file /run/secrets/key is 0:0 0666, not 0:0 0444",
            id="mode",
        ),
    ],
)
def test_what_is_wrong_is_said(there: dict[str, str], expected: str) -> None:
    container = container_of(replica(WEB), files=there)

    assert wrong_file(WEB, container) == expected
    assert other_files(WEB, container) == ()


@pytest.mark.parametrize(
    ("there", "before", "after"),
    [
        pytest.param({}, "(none)", "/motd /run/secrets/key", id="none"),
        pytest.param(
            {**THERE, "/x": "0:0 0444"},
            "/motd /run/secrets/key /x",
            "/motd /run/secrets/key",
            id="one-more",
        ),
    ],
)
def test_a_container_made_with_others_is_another(
    there: dict[str, str], before: str, after: str
) -> None:
    container = container_of(replica(WEB), files=there)

    assert other_files(WEB, container) == (Difference(field="files", before=before, after=after),)


def test_a_service_without_any_wants_none() -> None:
    bare = changed(WEB, files=())

    assert (file_labels(bare), wrong_file(bare, container_of(replica(bare)))) == ({}, "")
