"""What holds for every plan, whatever the cluster, and wherever its execution is cut off."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestrate.errors import UnreachableError
from orchestrate.loop import see
from orchestrate.model.observed import Container, Observed, ObservedNode
from orchestrate.model.plan import Plan, StopReplica
from orchestrate.model.spec import Project, Service
from orchestrate.planner.desired import Desired
from orchestrate.planner.filters import broken_constraint
from orchestrate.planner.reconcile import reconcile
from orchestrate.planner.sight import hidden_holders, is_lost
from tests.builders import changed
from tests.fakes import DiedError, FakeCluster
from tests.properties.clusters import (
    FOREIGN,
    IMAGES,
    Trouble,
    clusters,
    converge,
    projects,
    trouble,
    troubles,
)

Projects = tuple[Project, ...]
Situation = tuple[FakeCluster, Projects]
bounded = settings(
    max_examples=30, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


def _situation(cluster: FakeCluster, happens: list[Trouble], wanted: Projects) -> Situation:
    trouble(cluster, happens)
    return cluster, wanted


def _rollout(cluster: FakeCluster, wanted: Projects, image: str) -> Situation:
    converge(cluster, wanted)
    return cluster, tuple(
        replace(one, services=tuple(changed(each, image=image) for each in one.services))
        for one in wanted
    )


situations = st.builds(_situation, clusters, troubles, projects)
"""A cluster in trouble, and the files that are to be deployed on it now."""
rollouts = st.builds(_rollout, clusters, projects, st.sampled_from(IMAGES))
"""A sound cluster, and the files that it runs with another image."""


def looked_at(cluster: FakeCluster) -> Observed:
    return see(cluster.ports, cluster.read(), cluster.seen())


def planned(cluster: FakeCluster, wanted: Projects) -> Plan:
    return reconcile(Desired(projects=wanted), looked_at(cluster))


def settle(cluster: FakeCluster, wanted: Projects) -> None:
    """As many cycles as it takes. Every action can be done; too much silence ends it, too."""
    undone = True
    while undone:
        try:
            report = converge(cluster, wanted)
        except UnreachableError:
            return
        assert report.failures == ()
        undone = bool(report.undone)


def held(cluster: FakeCluster) -> Iterator[tuple[str, Container]]:
    for name, member in cluster.members.items():
        yield from ((name, one) for one in member.containers.values() if one.name != FOREIGN.name)


@bounded
@given(situations)
def test_after_perfect_action_there_is_nothing_to_do(situation: Situation) -> None:
    cluster, wanted = situation
    settle(cluster, wanted)

    assert planned(cluster, wanted).steps == ()


@bounded
@given(situations, st.integers(0, 12))
def test_a_plan_cut_off_anywhere_is_finished_later(situation: Situation, actions: int) -> None:
    cluster, wanted = situation
    killed = copy.deepcopy(cluster)
    settle(cluster, wanted)

    killed.dies_after = actions
    with suppress(DiedError):
        settle(killed, wanted)
    settle(killed, wanted)

    assert ends_of(killed) == ends_of(cluster)


def ends_of(cluster: FakeCluster) -> Counter[tuple[str, ...]]:
    """What runs in the end, and in which state; where is another matter."""
    return Counter(
        (one.project, one.service, str(one.slot), one.revision, one.state)
        for _, one in held(cluster)
    )


def watched(cluster: FakeCluster, wanted: Projects, look: Callable[[], None]) -> None:
    """`look` after every single action."""
    cluster.on_action = look
    with suppress(UnreachableError):
        converge(cluster, wanted)


def passing(cluster: FakeCluster, project: str, service: Service) -> int:
    """How many slots of a service are served."""
    return len(
        {
            (one.slot, node if service.deploy.mode == "global" else "")
            for node, one in held(cluster)
            if (one.project, one.service, one.state) == (project, service.name, "running")
        }
    )


@bounded
@given(rollouts)
def test_a_rollout_takes_no_more_replicas_away_than_it_may(situation: Situation) -> None:
    cluster, wanted = situation
    services = [(one.name, service) for one in wanted for service in one.services]
    before = {(name, service.name): passing(cluster, name, service) for name, service in services}

    def look() -> None:
        for name, service in services:
            there = passing(cluster, name, service)
            down = before[name, service.name] - there
            config = service.deploy.update
            assert down <= (config.parallelism or down)
            has_room = not (
                service.ports or service.mounts or service.deploy.resources.reserved_memory
            )
            if config.order == "start-first" and has_room:
                assert down <= 0

    watched(cluster, wanted, look)


@bounded
@given(situations)
def test_memory_ports_and_volumes_are_never_given_twice(situation: Situation) -> None:
    """A port that is taken fails the action, which `settle` would see."""
    cluster, wanted = situation
    before = {name: reserved_on(cluster, name) for name in cluster.members}
    shared = mounted_twice(cluster)

    def look() -> None:
        for name, member in cluster.members.items():
            assert reserved_on(cluster, name) <= max(member.memory, before[name])
        assert mounted_twice(cluster) <= shared

    watched(cluster, wanted, look)


def reserved_on(cluster: FakeCluster, name: str) -> int:
    labels = (one.labels for node, one in held(cluster) if node == name)
    return sum(int(found.get("orchestrate.reserved.memory", 0)) for found in labels)


def mounted_twice(cluster: FakeCluster) -> set[tuple[str, ...]]:
    """Volumes that two replicas of one service have mounted on one node."""
    count = Counter(
        (node, mount["source"], one.project, one.service)
        for node, one in held(cluster)
        for mount in one.config["mounts"]
        if mount["source"]
    )
    return {key for key, number in count.items() if number > 1}


@bounded
@given(situations)
def test_replicas_are_placed_only_where_they_may_be(situation: Situation) -> None:
    cluster, wanted = situation
    nodes = {node.name: node for node in looked_at(cluster).nodes}

    for start in planned(cluster, wanted).starts:
        node = nodes[start.node]
        is_new = start.replica.name not in {one.name for one in node.containers}
        constraints = start.replica.service.deploy.constraints
        assert node.is_readable
        assert node.node.runs_containers
        assert broken_constraint(constraints, node) is None
        assert node.availability == "active" or not is_new


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


def shuffled(node: ObservedNode, dice: random.Random) -> ObservedNode:
    def other(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dice.sample(items, len(items)))

    return replace(
        node,
        containers=other(node.containers),
        registrations=other(node.registrations),
        remembered=other(node.remembered),
    )


@bounded
@given(situations)
def test_what_a_silent_node_holds_stays_its_own_until_it_is_lost(situation: Situation) -> None:
    cluster, wanted = situation
    observed = looked_at(cluster)
    desired = Desired(projects=wanted)

    visible = {
        (one.project, one.service, one.slot) for node in observed.nodes for one in node.containers
    }

    plan = reconcile(desired, observed)

    assert all(cluster.members[action.node].answers for action in plan.actions)
    for replica in (start.replica for start in plan.starts):
        key = (replica.project, replica.service.name, replica.slot)
        if key not in visible and replica.service.deploy.mode == "replicated":
            holders = hidden_holders(observed, *key[:2]).get(replica.slot, ())
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
    plan = reconcile(Desired(projects=wanted, limit=frozenset({"n1"})), looked_at(cluster))
    whole = planned(cluster, wanted)

    assert {action.node for action in plan.actions} <= {"n1"}
    for stop in (one for one in plan.actions if isinstance(one, StopReplica)):
        assert stop in whole.actions


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
