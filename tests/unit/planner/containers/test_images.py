"""Tags and what they stand for."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.planner.containers.images import abridged, is_there, pinned, short, to_resolve
from tests.builders import node

A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def file(image: str, policy: str = "") -> dict[str, Any]:
    pull = {"pull_policy": policy} if policy else {}
    return {"name": "shop", "services": {"web": {"image": image, **pull}}}


def test_each_tag_is_looked_up_once() -> None:
    services = {
        "a": {"image": "web:2"},
        "b": {"image": "web:1", "pull_policy": "always"},
        "c": {"image": "web:1", "pull_policy": "missing"},
        "d": {"image": "own:1", "pull_policy": "never"},
        "e": {"image": f"web:3@{A}"},
    }

    assert to_resolve({"name": "shop", "services": services}) == ["web:1", "web:2"]


@pytest.mark.parametrize(
    ("policy", "before", "now", "kept"),
    [
        pytest.param("", None, A, f"web:1@{A}", id="found-out"),
        pytest.param("", None, None, "web:1", id="nobody-can-tell"),
        pytest.param("", f"web:1@{A}", B, f"web:1@{B}", id="moved"),
        pytest.param("", f"web:1@{A}", None, f"web:1@{A}", id="as-before"),
        pytest.param("always", f"web:1@{A}", B, f"web:1@{B}", id="always"),
        pytest.param("missing", f"web:1@{A}", B, f"web:1@{A}", id="missing-and-known"),
        pytest.param("missing", f"web:0@{A}", B, f"web:1@{B}", id="missing-and-new"),
        pytest.param("missing", "web:1", None, "web:1", id="missing-and-unknown"),
        pytest.param("never", f"web:1@{A}", B, "web:1", id="never"),
    ],
)
def test_what_is_deployed(policy: str, before: str | None, now: str | None, kept: str) -> None:
    seen = [node(), node(digests={"web:1": now} if now else {})]

    found = pinned(file("web:1", policy), file(before) if before else None, seen)

    assert found == file(kept, policy)


@pytest.mark.parametrize(
    ("image", "is_so"),
    [
        pytest.param("registry.lab:5000/web:1", True, id="tag"),
        pytest.param("registry.lab:5000/web:2", False, id="other-tag"),
        pytest.param(f"registry.lab:5000/web:2@{A}", True, id="digest"),
        pytest.param(f"registry.lab:5000/web@{A}", True, id="digest-alone"),
        pytest.param(f"registry.lab:5000/web:1@{B}", False, id="tag-that-moved"),
    ],
)
def test_an_engine_knows_an_image_by_tag_or_digest(image: str, *, is_so: bool) -> None:
    tags = {"registry.lab:5000/web:1", f"registry.lab:5000/web@{A}"}

    assert is_there(image, tags) is is_so


def test_people_call_an_image_by_its_tag() -> None:
    assert short(f"registry.lab:5000/web:1@{A}") == "registry.lab:5000/web:1"
    assert short(f"registry.lab:5000/web@{A}") == f"registry.lab:5000/web@{A}"


def test_people_see_as_much_of_a_digest_as_they_need() -> None:
    assert abridged(f"web:1@{A}") == "web:1@sha256:aaaaaaaaaaaa"
    assert abridged("web:1") == "web:1"
