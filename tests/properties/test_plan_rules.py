"""What holds for every plan, whatever the cluster."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrate.model.desired import Desired
from orchestrate.model.journal import NodeRecord
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.model.plan import StopReplica
from orchestrate.planner.nodes.unreachable import is_controller_suspect
from orchestrate.planner.placement.filters import broken_constraint
from orchestrate.planner.reconcile import reconcile
from orchestrate.planner.snapshot import is_lost, unreadable_in
from tests.builders import changed, node, observed
from tests.observed import altered
from tests.planning import reconciled
from tests.properties.clusters import (
    Situation,
    bounded,
    held,
    looked_at,
    planned,
    rollouts,
    settle,
    situations,
)
from tests.properties.troubles import FOREIGN


@bounded
@given(situations)
def test_replicas_are_placed_only_where_they_may_be(situation: Situation) -> None:
    cluster, wanted = situation
    nodes = {node.name: node for node in looked_at(cluster).nodes}

    for start in planned(cluster, wanted).starts:
        node = nodes[start.node]
        is_new = start.replica.name not in {one.name for one in node.engine.containers}
        constraints = start.replica.service.deploy.constraints
        assert node.is_readable
        assert node.node.runs_containers
        assert broken_constraint(constraints, node) is None
        assert node.record.availability == "active" or not is_new


@bounded
@given(situations, st.randoms(use_true_random=False))
def test_the_order_of_what_is_seen_does_not_matter(
    situation: Situation, dice: random.Random
) -> None:
    cluster, wanted = situation
    observed = looked_at(cluster)
    nodes = [shuffled(node, dice) for node in observed.nodes]
    dice.shuffle(nodes)

    plan = reconcile(Desired(projects=wanted), replace(observed, nodes=tuple(nodes)))

    assert plan == reconcile(Desired(projects=wanted), observed)


@pytest.mark.parametrize("fields", [{"engine": Part(state="stopped")}, {"answered": False}])
def test_nor_does_the_order_of_nodes_in_trouble(fields: dict[str, Any]) -> None:
    nodes = [node(name=f"n{number}", **(fields if number < 3 else {})) for number in range(1, 6)]

    plan = reconcile(Desired(), observed(*reversed(nodes)))

    assert plan == reconcile(Desired(), observed(*nodes))
    assert plan.actions or plan.unmet


def shuffled(node: ObservedNode, dice: random.Random) -> ObservedNode:
    def other(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dice.sample(items, len(items)))

    remembered = {"remembered": other(node.remembered)} if node.catalogue else {}
    if not node.answered:
        return altered(node, **remembered)
    return altered(
        node,
        containers=other(node.engine.containers),
        registrations=other(node.consul.registrations),
        **remembered,
    )


@bounded
@given(situations)
def test_what_a_silent_node_holds_stays_its_own_until_it_is_lost(situation: Situation) -> None:
    cluster, wanted = situation
    observed = looked_at(cluster)
    desired = Desired(projects=wanted)

    visible = {
        (one.project, one.service, one.slot)
        for node in observed.nodes
        for one in node.engine.containers
    }

    plan = reconcile(desired, observed)

    assert all(cluster.members[action.node].answers for action in plan.actions)
    for replica in (start.replica for start in plan.starts):
        key = (replica.project, replica.service.name, replica.slot)
        if key not in visible and replica.service.deploy.mode == "replicated":
            holders = unreadable_in(observed).holders_of(*key[:2]).get(replica.slot, ())
            assert all(is_lost(node, observed.at, desired.settings) for node in holders)


@bounded
@given(situations)
def test_what_is_not_ours_is_never_touched(situation: Situation) -> None:
    cluster, wanted = situation
    known = {one.name for one in wanted}
    strangers = {(node, one.id) for node, one in held(cluster) if one.project not in known}
    settle(cluster, wanted)

    for member in cluster.members.values():
        assert member.containers[FOREIGN.name] == FOREIGN
    assert strangers <= {(node, one.id) for node, one in held(cluster)}


@bounded
@given(situations)
def test_titles_tell_steps_apart(situation: Situation) -> None:
    titles = [step.title for step in planned(*situation).steps]

    assert len(titles) == len(set(titles))


@bounded
@given(situations)
def test_under_a_limit_nothing_else_is_changed_and_no_slot_by_half(situation: Situation) -> None:
    cluster, wanted = situation
    plan = reconciled(looked_at(cluster), projects=wanted, limit=frozenset({"n1"}))
    whole = planned(cluster, wanted)

    assert {action.node for action in plan.actions} <= {"n1"}
    for stop in (one for one in plan.actions if isinstance(one, StopReplica)):
        assert stop in whole.actions


@bounded
@given(situations)
def test_a_drained_node_is_empty_when_its_time_is_over(situation: Situation) -> None:
    cluster, wanted = situation
    cluster.store.overwrite_node("n1", NodeRecord(availability="draining", drained_by=0))

    settle(cluster, wanted)

    observed = looked_at(cluster)
    is_decided = not is_controller_suspect(observed, Desired().settings)
    if observed.nodes[0].is_readable and is_decided:
        known = {one.name for one in wanted}
        there = [one for node, one in held(cluster) if node == "n1" and one.project in known]
        assert [one for one in there if not one.is_done] == []


@bounded
@given(situations)
def test_nothing_is_placed_for_what_is_scaled_to_zero(situation: Situation) -> None:
    cluster, wanted = situation
    none = tuple(
        replace(
            one,
            services=tuple(changed(each, mode="replicated", replicas=0) for each in one.services),
        )
        for one in wanted
    )

    assert planned(cluster, none).starts == ()


@bounded
@given(rollouts)
def test_when_a_node_is_drained_nothing_else_moves(situation: Situation) -> None:
    cluster, wanted = situation
    settle(cluster, wanted)
    slots = {(one.project, one.service, one.slot) for node, one in held(cluster) if node == "n1"}
    cluster.store.overwrite_node("n1", NodeRecord(availability="draining"))

    plan = planned(cluster, wanted)

    starts = [one.replica for one in plan.starts]
    assert {(one.project, one.service.name, one.slot) for one in starts} <= slots
    assert {one.node for one in plan.actions if isinstance(one, StopReplica)} <= {"n1"}
