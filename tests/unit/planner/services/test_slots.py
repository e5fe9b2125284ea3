"""One slot: what is there, and what that means."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrate.model.observed.container import Container
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.model.observed.registration import Registration
from orchestrate.model.plan import Replica
from orchestrate.planner.services.slots import Slot, Standard, assess
from orchestrate.planner.snapshot import ObservedReplica
from tests.builders import NOW, container_of, mounted, node, registration_of, replica

WANTED = replica(expose=(8000,))
YOUNG = "2027-01-15T07:59:50Z"


PASSING = registration_of(WANTED)


def seen(
    container: Container | None = None,
    registration: Registration | None = PASSING,
    on: ObservedNode | None = None,
) -> ObservedReplica:
    return ObservedReplica(
        node=on or node(),
        container=container or container_of(WANTED),
        registration=registration,
    )


def verdict(*found: ObservedReplica, wanted: Replica = WANTED) -> Slot:
    return assess(wanted, found, 60)


def critical(output: str = "") -> Registration:
    return registration_of(WANTED, status="critical", output=output)


CASES = [
    pytest.param({}, "keep", "", id="passing"),
    pytest.param({"health": "healthy"}, "keep", "", id="healthy"),
    pytest.param({"state": "exited", "exit_code": 3}, "start", "exited (exit code 3)", id="exited"),
    pytest.param(
        {"state": "exited", "exit_code": 137, "health": "unhealthy"},
        "start",
        "exited (exit code 137)",
        id="killed",
    ),
    pytest.param({"state": "dead", "exit_code": 1}, "start", "dead (exit code 1)", id="dead"),
    pytest.param({"state": "created"}, "start", "created", id="created"),
    pytest.param({"state": "paused"}, "start", "paused", id="paused"),
    pytest.param(
        {"state": "restarting", "exit_code": 1, "restarts": 4},
        "wait",
        "crashes: restarting (exit code 1), started again 4 times",
        id="crash-loop",
    ),
    pytest.param({"health": "unhealthy"}, "replace", "unhealthy", id="unhealthy"),
    pytest.param({"config": {"memory": 1}}, "replace", "changed by hand", id="by-hand"),
    pytest.param(
        {"config": {"memory": 1}, "health": "unhealthy"},
        "replace",
        "changed by hand",
        id="by-hand-and-unhealthy",
    ),
]


@pytest.mark.parametrize(("fields", "expected", "reason"), CASES)
def test_a_container(fields: dict[str, Any], expected: str, reason: str) -> None:
    found = verdict(seen(container_of(WANTED, **fields)))

    assert (found.verdict, found.reason) == (expected, reason)


@pytest.mark.parametrize(("fields", "expected", "reason"), CASES)
def test_the_standard_is_met_by_what_is_kept(
    fields: dict[str, Any], expected: str, reason: str
) -> None:
    found = seen(container_of(WANTED, **fields))

    assert Standard(WANTED, 60).is_met(1, found) is (expected == "keep"), reason


def test_the_standard_is_that_of_the_slot() -> None:
    assert not Standard(WANTED, 60).is_met(2, seen())


def test_data_that_was_given_up_meets_no_standard() -> None:
    wanted = replica(expose=(8000,), mounts=mounted())
    found = seen(container_of(wanted), on=node(given_up=frozenset({"counter_data"})))

    assert not Standard(wanted, 60).is_met(1, found)


def test_nothing_is_missing() -> None:
    assert verdict().verdict == "missing"


def test_another_revision_is_the_files_doing() -> None:
    found = verdict(seen(container_of(replica(expose=(8000,), image="web:0"))))

    assert (found.verdict, found.reason) == ("replace", "the file changed")


REGISTERED = [
    pytest.param(None, "not registered in Consul", id="none"),
    pytest.param({"filed": False}, "not registered in Consul", id="no-file"),
    pytest.param(
        {"service": "a--b"}, "registered in Consul under another name or address", id="name"
    ),
    pytest.param(
        {"address": "10.9.9.9"}, "registered in Consul under another name or address", id="address"
    ),
    pytest.param({"port": 1}, "registered in Consul under another name or address", id="port"),
    pytest.param({"status": "maintenance"}, "in maintenance", id="maintenance"),
]


@pytest.mark.parametrize(("fields", "reason"), REGISTERED)
def test_a_registration_that_is_not_as_it_should_be(
    fields: dict[str, Any] | None, reason: str
) -> None:
    entry = None if fields is None else registration_of(WANTED, **fields)

    found = verdict(seen(registration=entry))

    assert (found.verdict, found.reason) == ("register", reason)


NOT_PASSING = [
    pytest.param({"started_at": YOUNG}, "start", id="young"),
    pytest.param({"started_at": YOUNG, "restarts": 1}, "wait", id="young-because-it-crashed"),
    pytest.param({}, "wait", id="old"),
    pytest.param({"started_at": "2027-01-15T07:59:50"}, "wait", id="no-zone"),
    pytest.param({"started_at": ""}, "wait", id="no-time"),
    pytest.param({"started_at": "0001-01-01T00:00:00Z"}, "wait", id="never"),
    pytest.param({"started_at": "9999-12-31T23:59:59-23:59"}, "wait", id="in-the-future"),
    pytest.param({"health": "starting"}, "wait", id="healthcheck-starting"),
]


@pytest.mark.parametrize(("fields", "expected"), NOT_PASSING)
def test_one_that_runs_and_is_not_passing(fields: dict[str, Any], expected: str) -> None:
    found = verdict(seen(container_of(WANTED, **fields), critical()))

    assert (found.verdict, found.reason) == (expected, "running, not passing yet")


@pytest.mark.parametrize(
    ("ahead_s", "expected"),
    [
        pytest.param(3600, "wait", id="started-long-ago-by-its-own-clock"),
        pytest.param(-10, "start", id="started-a-moment-ago-by-its-own-clock"),
    ],
)
def test_the_clock_of_the_node_says_how_long_a_replica_runs(ahead_s: float, expected: str) -> None:
    on = node(now=NOW + ahead_s)
    container = container_of(WANTED, started_at="2027-01-15T07:59:45Z")

    assert verdict(seen(container, critical(), on)).verdict == expected


BEFORE = container_of(replica(expose=(8000,), image="web:0"), name="before")


@pytest.mark.parametrize(
    ("started_at", "beside", "expected"),
    [
        pytest.param(
            "2027-01-15T07:59:57Z", seen(BEFORE), "start", id="an-update-not-monitored-yet"
        ),
        pytest.param("2027-01-15T07:59:54Z", seen(BEFORE), "keep", id="long-enough"),
        pytest.param(
            "2027-01-15T07:59:57Z", seen(BEFORE, None), "keep", id="the-other-does-not-serve"
        ),
        pytest.param(
            "2027-01-15T07:59:57Z",
            seen(container_of(WANTED, name="a-double")),
            "keep",
            id="the-other-is-a-double",
        ),
    ],
)
def test_a_new_version_has_to_stay_healthy_before_it_is_trusted(
    started_at: str, beside: ObservedReplica, expected: str
) -> None:
    new = seen(container_of(WANTED, started_at=started_at))

    found = verdict(beside, new)

    assert (found.kept, found.verdict) == (new, expected)


def test_it_says_what_the_check_says() -> None:
    found = verdict(seen(registration=critical("connection\n  refused ")))

    assert found.reason == "running, not passing: connection refused"


def test_without_an_agent_nothing_is_known_of_it() -> None:
    on = node(consul=Part(state="stopped"))

    found = verdict(seen(registration=None, on=on))

    assert found.verdict == "wait"
    assert found.reason == "its state is not known: the Consul agent of n1 is stopped"


@pytest.mark.parametrize(
    ("constraints", "on", "reason"),
    [
        pytest.param(
            ("node.labels.zone == a",),
            node(labels={"zone": "b"}),
            "n1 no longer satisfies node.labels.zone == a",
            id="constraint",
        ),
        pytest.param((), node(runs_containers=False), "n1 no longer runs containers", id="retired"),
    ],
)
def test_it_has_to_move(constraints: tuple[str, ...], on: ObservedNode, reason: str) -> None:
    wanted = replica(expose=(8000,), constraints=constraints)

    found = verdict(seen(on=on), wanted=wanted)

    assert (found.verdict, found.reason, found.must_move) == ("replace", reason, True)


def test_a_cordon_moves_nothing() -> None:
    assert verdict(seen(on=node(availability="cordoned"))).verdict == "keep"


OLD = container_of(replica(expose=(8000,), image="web:0"), name="old")
IDLE = container_of(WANTED, name="idle", state="exited")
LATER = container_of(WANTED, name="later", created_at="2026-06-01T00:00:00Z")
GOOD = container_of(WANTED)


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        pytest.param(seen(GOOD), seen(OLD), GOOD, id="the-right-one"),
        pytest.param(
            seen(GOOD, critical()), seen(OLD), GOOD, id="the-right-one-even-if-not-passing"
        ),
        pytest.param(seen(IDLE), seen(GOOD), GOOD, id="the-passing-one"),
        pytest.param(seen(GOOD, critical()), seen(IDLE, None), GOOD, id="the-running-one"),
        pytest.param(seen(GOOD), seen(LATER), LATER, id="the-younger-one"),
        pytest.param(
            seen(GOOD),
            seen(LATER, on=node(runs_containers=False)),
            GOOD,
            id="the-one-that-may-stay",
        ),
    ],
)
def test_of_two_one_is_kept(one: ObservedReplica, other: ObservedReplica, kept: Container) -> None:
    for found in (verdict(one, other), verdict(other, one)):
        assert found.kept is not None
        assert found.kept.container is kept
        assert len(found.others) == 1


def test_names_decide_between_equals() -> None:
    twin = replace(GOOD, name="z")

    found = verdict(seen(GOOD), seen(twin))

    assert found.kept is not None
    assert found.kept.container is twin
