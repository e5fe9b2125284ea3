"""Nodes that were away while others came learn of them; who stands by keeps its place in the network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrate.model.desired import Desired
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import SetPeers
from orchestrate.planner.nodes.leaving import departures
from orchestrate.planner.nodes.peers import unaware
from orchestrate.planner.reconcile import reconcile
from tests.builders import node, observed


def connected(name: str, *peers: str, **fields: Any) -> ObservedNode:
    known: dict[str, Any] = {"subnet": f"10.210.{name[1:]}.0/24", "peers": frozenset(peers)}
    return node(name=name, **known | fields)


def test_who_lacks_a_route_is_told_of_all() -> None:
    idle = connected("n4", "n1", "n2", runs_containers=False, stands_by=True)
    seen = observed(connected("n1", "n2", "n4"), connected("n2", "n1"))

    plan = reconcile(Desired(), replace(seen, standby=(idle,)))

    assert plan.steps[0].title == "Update peers"
    assert plan.steps[0].actions == (
        SetPeers(node="n2", reason="does not know n4", peers=("n1", "n2", "n4"), bridged=True),
    )


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(connected("n2", "n1", answered=False), id="silent"),
        pytest.param(connected("n2", "n1", subnet=""), id="not-in-the-network-itself"),
        pytest.param(connected("n2", "n1", is_leaving=True), id="leaves"),
    ],
)
def test_nobody_is_told_of_one_that_is_not_there(other: ObservedNode) -> None:
    seen = observed(connected("n1"), other)

    assert list(unaware(seen, seen.nodes)) == []


def test_what_could_not_be_told_is_left_for_the_next_cycle() -> None:
    seen = observed(connected("n1"), connected("n2", "n1"))

    assert list(unaware(seen, seen.nodes[1:])) == []
    assert [one.node for one in unaware(seen, seen.nodes)] == ["n1"]


def test_who_stands_by_is_told_who_has_gone_and_stays_known() -> None:
    idle = connected("n4", "n1", "n5", runs_containers=False, stands_by=True)
    seen = replace(
        observed(connected("n1", "n4", "n5")), standby=(idle,), forgotten=frozenset({"n5"})
    )

    (step,) = departures(seen, seen.nodes, ()).steps

    told = [one for one in step.actions if isinstance(one, SetPeers)]
    assert [(one.node, one.peers, one.bridged) for one in told] == [
        ("n1", ("n1", "n4"), True),
        ("n4", ("n1", "n4"), True),
    ]
