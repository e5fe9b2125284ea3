"""What goes along with starts and stops."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.desired import Desired
from orchestrate.model.observed.parts import Part
from orchestrate.model.plan import StartReplica, Step
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.storage import Volume
from orchestrate.planner.containers.housekeeping import gone, orphaned_registrations, pulls, purges
from tests.builders import (
    IMAGE,
    container_of,
    node,
    observed,
    project,
    registration_of,
    replica,
    serving,
)

WEB = replica()
GHOST = registration_of(WEB, id="gone")


def starting(*nodes: str) -> list[Step]:
    starts = tuple(StartReplica(node=name, replica=WEB, reason="") for name in nodes)
    return [Step(title="Start", actions=starts)]


def test_an_image_is_pulled_once_where_it_is_not() -> None:
    seen = observed(node(), node(name="n2", tags=frozenset({IMAGE})), node(name="n3"))

    found = pulls(seen, starting("n1", "n1", "n2"))

    assert [(one.node, one.image) for one in found] == [("n1", IMAGE)]


@pytest.mark.parametrize(
    ("fields", "forgotten"),
    [
        pytest.param({"registrations": (GHOST,)}, ["gone"], id="its-container-is-gone"),
        pytest.param(
            {"registrations": (GHOST,), "engine": Part(state="stopped")}, [], id="nobody-can-tell"
        ),
        pytest.param({"registrations": (registration_of(WEB),)}, [], id="about-to-be-renewed"),
        pytest.param(
            {
                "registrations": (
                    registration_of(WEB, id="b", meta={}),
                    registration_of(WEB, id="a"),
                )
            },
            ["a", "b"],
            id="sorted",
        ),
    ],
)
def test_ghosts_are_forgotten(fields: dict[str, Any], forgotten: list[str]) -> None:
    found = list(orphaned_registrations(observed(node(**fields)), starting("n1"), ()))

    assert [one.id for one in found] == forgotten


def test_what_has_a_container_is_no_ghost() -> None:
    assert list(orphaned_registrations(observed(serving(WEB)), [], ())) == []


def test_volumes_of_others_are_not_removed_along() -> None:
    volumes = (
        Volume(name="a"),
        Volume(name="b", called="mine"),
        Volume(name="c", called="theirs", external=True),
    )
    desired = Desired(
        projects=(Project(name="counter", volumes=volumes),), purged=frozenset({"counter"})
    )
    seen = node(volumes=dict.fromkeys(("counter_a", "mine", "theirs"), "counter"))

    assert [one.name for one in purges(desired, observed(seen), ())] == ["counter_a", "mine"]


def test_a_ghost_without_a_name_is_one_too() -> None:
    (found,) = orphaned_registrations(
        observed(node(registrations=(registration_of(WEB, meta={}),))), [], ()
    )

    assert found.label == "?/?.0"


@pytest.mark.parametrize(
    ("fields", "is_gone"),
    [
        pytest.param({}, True, id="nothing"),
        pytest.param({"containers": (container_of(WEB),)}, False, id="a-container"),
        pytest.param({"registrations": (registration_of(WEB),)}, False, id="a-registration"),
        pytest.param({"volumes": {"counter_a": "counter"}}, False, id="a-volume"),
        pytest.param({"volumes": {"counter_a": "other"}}, True, id="a-volume-of-others"),
        pytest.param({"answered": False}, False, id="a-silent-node"),
        pytest.param({"answered": False, "runs_containers": False}, True, id="a-silent-proxy"),
        pytest.param({"engine": Part(state="stopped")}, False, id="an-engine-that-is-down"),
        pytest.param({"engine": Part(state="absent")}, True, id="no-engine"),
        pytest.param(
            {"answered": False, "availability": "forgotten"}, False, id="a-node-that-was-forgotten"
        ),
    ],
)
def test_a_removed_project_is_gone_when_nothing_of_it_can_be_left(
    fields: dict[str, Any], is_gone: bool
) -> None:
    desired = Desired(
        projects=(
            Project(name="counter", volumes=(Volume(name="a"),)),
            project(WEB.service, name="shop"),
        ),
        leaving={"counter": {}},
        purged=frozenset({"counter"}),
    )

    assert [*gone(desired, observed(node(**fields)))] == (["counter"] if is_gone else [])


def test_volumes_that_may_stay_keep_no_project() -> None:
    desired = Desired(
        projects=(Project(name="counter", volumes=(Volume(name="a"),)),), leaving={"counter": {}}
    )

    assert [*gone(desired, observed(node(volumes={"counter_a": "counter"})))] == ["counter"]
