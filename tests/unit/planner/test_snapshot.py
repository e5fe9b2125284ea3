"""The snapshot by replica: what is seen, what is hidden, and by whom it is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrate.model.observed.container import Container
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.model.observed.registration import Registration
from orchestrate.planner.snapshot import (
    ObservedReplica,
    is_unaccounted,
    is_undrained,
    replicas_by_service,
    unreadable_in,
)
from tests.builders import (
    container_of,
    lost,
    node,
    observed,
    registration_of,
    replica,
    serving,
    silent,
)

WEB, DB = replica(), replica(name="db")
STOPPED, ABSENT = Part(state="stopped"), Part(state="absent")
ENTRY = registration_of(WEB)


def test_containers_are_grouped_by_service() -> None:
    seen = replicas_by_service(
        observed(serving(WEB, DB, name="n2"), serving(WEB), silent(WEB, name="n0"))
    )

    assert [one.node.name for one in seen["counter", "web"]] == ["n1", "n2"]
    assert len(seen["counter", "db"]) == 1


@pytest.mark.parametrize(
    ("container", "entry", "expected"),
    [
        pytest.param(container_of(WEB), ENTRY, True, id="passing"),
        pytest.param(container_of(WEB, health="healthy"), ENTRY, True, id="healthy"),
        pytest.param(container_of(WEB, health="starting"), ENTRY, False, id="starting"),
        pytest.param(container_of(WEB, state="paused"), ENTRY, False, id="paused"),
        pytest.param(container_of(WEB), None, False, id="not-registered"),
        pytest.param(container_of(WEB), replace(ENTRY, status="warning"), False, id="warning"),
    ],
)
def test_what_is_passing(container: Container, entry: Registration | None, expected: bool) -> None:
    assert (
        ObservedReplica(node=node(), container=container, registration=entry).is_passing is expected
    )


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        pytest.param("12", 12, id="number"),
        pytest.param("007", 7, id="zeros"),
        pytest.param("", 0, id="empty"),
        pytest.param("-1", 0, id="negative"),
        pytest.param("two", 0, id="word"),
        pytest.param("²", 0, id="superscript"),
        pytest.param("\u0661", 0, id="other-digits"),
        pytest.param("1\n", 0, id="line"),
        pytest.param("9" * 5000, 0, id="endless"),
    ],
)
def test_a_slot_is_a_number_or_none(text: str, slot: int) -> None:
    labels = {**WEB.config["labels"], "orchestrate.slot": text}

    assert container_of(WEB, config={"labels": labels}).slot == slot
    assert registration_of(WEB, meta={"slot": text}).slot == slot


def test_hidden_slots_are_known_by_consul_or_by_the_nodes_own_agent() -> None:
    stopped = node(name="n2", engine=STOPPED, registrations=(ENTRY,))
    seen = observed(silent(WEB, DB), stopped, serving(WEB, name="n3"))

    holders = unreadable_in(seen).holders_of("counter", "web")

    assert {slot: [one.name for one in nodes] for slot, nodes in holders.items()} == {
        1: ["n1", "n2"]
    }


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        pytest.param(node(), False, id="readable"),
        pytest.param(silent(), True, id="silent"),
        pytest.param(lost(), True, id="lost"),
        pytest.param(silent(WEB), False, id="remembered"),
        pytest.param(silent(alive_for_consul=True), False, id="alive-and-empty"),
        pytest.param(silent(runs_containers=False), False, id="no-node"),
        pytest.param(node(engine=STOPPED), False, id="engine-stopped-and-agent-knows"),
        pytest.param(node(engine=STOPPED, consul=STOPPED), True, id="engine-and-agent-stopped"),
        pytest.param(node(engine=ABSENT, consul=ABSENT), False, id="bare"),
    ],
)
def test_of_which_node_nobody_knows_what_it_holds(one: ObservedNode, expected: bool) -> None:
    assert is_unaccounted(one) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"state": "exited"}, False, id="has-completed"),
        pytest.param({"state": "exited", "exit_code": 1}, True, id="has-failed"),
        pytest.param({}, True, id="runs"),
    ],
)
def test_what_has_completed_keeps_no_node_from_being_empty(
    fields: dict[str, Any], *, expected: bool
) -> None:
    job = container_of(replica(completes=True), **fields)

    assert is_undrained(node(availability="draining", containers=(job,))) is expected
