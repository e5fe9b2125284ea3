"""Profiles: which services of a file run."""

from __future__ import annotations

import pytest

from tests.compose import read_with, refused

PROFILES = """
services:
  web: {image: w}
  debug: {image: w, profiles: [debug, all]}
  test: {image: w, profiles: [test]}
"""


@pytest.mark.parametrize(
    ("asked", "variable", "names"),
    [
        pytest.param((), "", "web", id="none"),
        pytest.param(("debug",), "", "debug web", id="one"),
        pytest.param(("all", "test"), "", "debug test web", id="two"),
        pytest.param(("*",), "", "debug test web", id="all"),
        pytest.param((), "test, debug", "debug test web", id="variable"),
        pytest.param(("test",), "debug", "test web", id="argument-over-variable"),
        pytest.param(("other",), "", "web", id="unknown"),
    ],
)
def test_services_with_a_profile_run_when_asked_for(
    asked: tuple[str, ...], variable: str, names: str
) -> None:
    found = read_with(PROFILES, {}, {"COMPOSE_PROFILES": variable}, profiles=asked)

    assert " ".join(service.name for service in found.project.services) == names
    assert all("profiles" not in service for service in found.data["services"].values())


def test_what_needs_a_service_that_is_left_out_is_told() -> None:
    text = "services: {web: {image: w, depends_on: [db]}, db: {image: w, profiles: [data]}}"

    assert refused(text) == [
        (
            'shop/compose.yml:1:41: services.web.depends_on[0]: there is no service "db": '
            "its profile is not active: --profile data"
        )
    ]
    assert len(read_with(text, profiles=("data",)).project.services) == 2


def test_that_all_are_left_out_is_told() -> None:
    said = refused("services: {db: {image: w, profiles: [data, all]}}")

    assert len(said) == 1
    assert said[0].endswith("ask for one by --profile (all, data)")
