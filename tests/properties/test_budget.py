"""Whatever a plan does, and wherever it is cut off: no service lacks more than its budget allows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrate.errors import UnreachableError
from orchestrate.model.constraint import Constraint
from orchestrate.model.journal import NodeRecord
from orchestrate.model.node import Node
from orchestrate.model.spec.service import Service
from orchestrate.planner.placement.filters import broken_constraint
from orchestrate.spec.budget import parse_budget
from tests.builders import GIB, changed, mounted, project, reserved, service, update
from tests.examples import examples
from tests.fake_node import FakeNode
from tests.fakes import FakeCluster
from tests.observed import RUNNING
from tests.properties.clusters import (
    IMAGES,
    NEW,
    REGISTRY,
    Projects,
    Situation,
    situations,
)
from tests.properties.troubles import Trouble, trouble, troubles

OLD = IMAGES[0]
Place = tuple[int, str]
"""A slot, and for a global service its node."""


def _hasty(memory: int, services: tuple[Service, Service], happens: list[Trouble]) -> Situation:
    """Both services run on three nodes, something happens, and all is replaced."""
    members = {
        name: FakeNode(node=Node(name=name), registry=REGISTRY, memory=memory * GIB)
        for name in ("n1", "n2", "n3")
    }
    cluster = FakeCluster(members)
    cluster.converge(project(*services))
    trouble(cluster, happens)
    return cluster, (project(*(changed(one, image=NEW) for one in services)),)


def _services(name: str) -> st.SearchStrategy[Service]:
    return st.builds(
        service,
        name=st.just(name),
        image=st.just(OLD),
        mode=st.sampled_from(["replicated", "replicated", "global"]),
        replicas=st.sampled_from([3, 2, 4]),
        resources=st.sampled_from([reserved(memory=GIB // 2), reserved(memory=GIB)]),
        mounts=st.sampled_from([(), (), mounted(source=name)]),
        budget=st.sampled_from([*map(parse_budget, ("1", "0", "2", "34%"))]),
        update=st.builds(
            update,
            order=st.sampled_from(["stop-first", "stop-first", "start-first"]),
            parallelism=st.sampled_from([0, 2, 1]),
            failure_action=st.sampled_from(["pause", "continue"]),
        ),
    ).map(one_per_node)


def one_per_node(one: Service) -> Service:
    return changed(one, replicas=1) if one.deploy.is_global else one


hasty = st.builds(
    _hasty,
    st.sampled_from([4, 3, 2]),
    st.tuples(_services("db"), _services("web")),
    troubles,
)
everything = situations | hasty
often = examples(40)


def serving(cluster: FakeCluster, project: str, service: Service) -> set[Place]:
    return {
        (one.slot, name if service.deploy.is_global else "")
        for name, member in cluster.members.items()
        for one in member.containers.values()
        if (one.project, one.service, one.state) == (project, service.name, "running")
        and one.name in member.registrations
        and member.consul == RUNNING
    }


def places(cluster: FakeCluster, project: str, service: Service) -> set[Place]:
    """Where its replicas have to be; of a global one that is clear for nodes that can be read only."""
    if not service.deploy.is_global:
        return {(slot, "") for slot in range(1, service.deploy.replicas + 1)}
    there = serving(cluster, project, service)
    return {
        (1, name)
        for name, member in cluster.members.items()
        if can_hold(cluster, member, service.deploy.constraints)
        and (
            (1, name) in there
            or (is_active(cluster, name) and member.answers and member.engine == RUNNING)
        )
    }


def can_hold(cluster: FakeCluster, member: FakeNode, constraints: tuple[Constraint, ...]) -> bool:
    record = cluster.store.journal.nodes.get(member.node.name, NodeRecord())
    return (
        member.node.runs_containers
        and record.availability != "draining"
        and broken_constraint(constraints, member.observed()) is None
    )


def is_active(cluster: FakeCluster, name: str) -> bool:
    return cluster.store.journal.nodes.get(name, NodeRecord()).availability == "active"


def watch(cluster: FakeCluster, wanted: Projects) -> Callable[[], None]:
    """After each action: none that it took away was one too many."""
    before: dict[tuple[str, str], set[Place]] = {}

    def look() -> None:
        for one in wanted:
            for each in one.services:
                if each.budget is None or each.lifecycle.completes:
                    continue
                needed = places(cluster, one.name, each)
                lacking = needed - serving(cluster, one.name, each)
                served = before.get((one.name, each.name), set())
                assert not lacking & served or len(lacking) <= each.budget.of(len(needed))
                before[one.name, each.name] = needed - lacking

    return look


def converge_watched(cluster: FakeCluster, wanted: Projects, **fields: Any) -> None:
    """Some cycles, in which no action takes away one too many."""
    look = watch(cluster, wanted)
    look()
    cluster.actuator.on_action = look
    for _ in range(3):
        with suppress(UnreachableError):
            cluster.converge(*wanted, **fields)


@often
@given(everything, st.booleans(), st.sampled_from([None, frozenset({"n1", "n2"})]))
def test_no_action_takes_away_one_too_many(
    situation: Situation, rebalances: bool, limit: frozenset[str] | None
) -> None:
    converge_watched(*situation, rebalances=rebalances, limit=limit)


@often
@given(hasty)
def test_what_does_not_come_up_takes_nothing_more_away(situation: Situation) -> None:
    cluster, wanted = situation
    for member in cluster.members.values():
        member.broken.add(NEW)

    converge_watched(cluster, wanted)
