"""Who is pushed out by whom, on any cluster that is too small for all that is wanted."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orchestrate.model.desired import Desired
from orchestrate.model.node import Node
from orchestrate.model.plan import Plan, StartReplica, StopReplica
from orchestrate.model.spec.service import Service
from orchestrate.planner.reconcile import reconcile
from orchestrate.spec.budget import parse_budget
from tests.builders import GIB, mounted, project, published, reserved, service
from tests.examples import examples
from tests.fake_actuator import DiedError
from tests.fake_node import FakeNode
from tests.fakes import FakeCluster
from tests.properties.clusters import (
    IMAGES,
    REGISTRY,
    Projects,
    Situation,
    held,
    looked_at,
    planned,
    settle,
)
from tests.properties.test_budget import converge_watched
from tests.properties.test_plan_rules import shuffled

PART = GIB // 4
often = examples(40)


def _services(name: str) -> st.SearchStrategy[Service]:
    return st.builds(
        _service,
        st.just(name),
        replicas=st.integers(1, 5),
        parts=st.sampled_from([1, 2, 3, 4]),
        special=st.sampled_from(["", "", "", "", "port", "volume"]),
        priority=st.sampled_from([0, 5, 10, -3]),
        budget=st.sampled_from([None, None, None, parse_budget("1"), parse_budget("0")]),
    )


def _service(name: str, *, replicas: int, parts: int, special: str, **fields: Any) -> Service:
    return service(
        name=name,
        image=IMAGES[0],
        mode="global" if replicas == 5 else "replicated",
        replicas=1 if replicas == 5 else replicas,
        resources=reserved(memory=parts * PART),
        ports=published(8080) if special == "port" else (),
        mounts=mounted(source=name) if special == "volume" else (),
        **fields,
    )


def _situation(memory: list[int], first: int, services: tuple[Service, ...]) -> Situation:
    """Some services run already, when the others are deployed beside them."""
    members = {
        f"n{number}": FakeNode(node=Node(name=f"n{number}"), registry=REGISTRY, memory=parts * PART)
        for number, parts in enumerate(memory, start=1)
    }
    cluster = FakeCluster(members)
    settle(cluster, (project(*services[:first]),))
    return cluster, (project(*services),)


crowded = st.builds(
    _situation,
    st.lists(st.integers(3, 8), min_size=1, max_size=3),
    st.integers(1, 3),
    st.tuples(*map(_services, ("a", "b", "c", "d"))),
)


def pushed(plan: Plan) -> Iterator[tuple[StartReplica, list[StopReplica]]]:
    """Each start for which others have to go, and their stops."""
    stops: dict[str, list[StopReplica]] = {}
    for action in plan.actions:
        match action:
            case StopReplica() if action.reason.startswith("makes room for "):
                whom = action.reason.removeprefix("makes room for ").partition(",")[0]
                stops.setdefault(f"{whom} on {action.node}", []).append(action)
            case StartReplica() if found := stops.pop(
                f"{action.replica.label} on {action.node}", None
            ):
                yield action, found
            case _:
                pass
    assert not stops, "nobody goes for nobody"


@often
@given(crowded)
def test_only_the_less_important_goes_and_nobody_who_need_not(situation: Situation) -> None:
    cluster, (wanted,) = situation
    services = {one.name: one for one in wanted.services}
    containers = {(node, one.name): one for node, one in held(cluster)}

    for start, stops in pushed(planned(cluster, (wanted,))):
        for stop in stops:
            gone = containers[start.node, stop.name]
            other = services[gone.service]
            assert other.priority < start.replica.service.priority
            assert not other.storage.mounts
            assert other.budget is None or other.budget.max_unavailable


@often
@given(crowded)
def test_it_comes_to_an_end_at_which_nothing_is_left_to_do(situation: Situation) -> None:
    cluster, wanted = situation

    report = cluster.converge(*wanted)

    assert report.failures == ()
    assert report.undone == ()
    assert planned(cluster, wanted).steps == ()


@often
@given(crowded)
def test_who_waits_could_not_have_gained_a_place(situation: Situation) -> None:
    """Not even if all went who are less important, and may go."""
    cluster, (wanted,) = situation
    settle(cluster, (wanted,))
    services = {one.name: one for one in wanted.services}

    for unmet in planned(cluster, (wanted,)).unmet:
        waiting = services[unmet.subject.partition("/")[2].partition(".")[0]]
        if waiting.network.ports or waiting.storage.mounts or waiting.deploy.is_global:
            continue
        for name, member in cluster.members.items():
            staying = (
                services[one.service].deploy.resources.reserved_memory
                for node, one in held(cluster)
                if node == name and not may_go(services[one.service], waiting)
            )
            need = waiting.deploy.resources.reserved_memory
            assert sum(staying) + need > member.memory


def may_go(one: Service, waiting: Service) -> bool:
    return one.priority < waiting.priority and not one.storage.mounts and one.budget is None


@often
@given(crowded, st.integers(0, 8))
def test_cut_off_anywhere_the_most_important_come_to_the_same(
    situation: Situation, actions: int
) -> None:
    cluster, wanted = situation
    killed = copy.deepcopy(cluster)
    settle(cluster, wanted)

    killed.actuator.dies_after = actions
    with suppress(DiedError):
        settle(killed, wanted)
    settle(killed, wanted)

    assert planned(killed, wanted).steps == ()
    assert running_of_the_highest(killed, wanted) == running_of_the_highest(cluster, wanted)


def running_of_the_highest(cluster: FakeCluster, wanted: Projects) -> int:
    """Of the others it may be one or another who finds a place."""
    services = {one.name: one for one in wanted[0].services}
    highest = max(one.priority for one in services.values())
    return sum(services[one.service].priority == highest for _, one in held(cluster))


@often
@given(crowded)
def test_no_budget_is_exceeded(situation: Situation) -> None:
    converge_watched(*situation)


@often
@given(crowded, st.randoms(use_true_random=False))
def test_the_order_of_what_is_seen_does_not_matter(
    situation: Situation, dice: random.Random
) -> None:
    cluster, wanted = situation
    observed = looked_at(cluster)
    nodes = [shuffled(node, dice) for node in observed.nodes]
    dice.shuffle(nodes)

    plan = reconcile(Desired(projects=wanted), replace(observed, nodes=tuple(nodes)))

    assert plan == reconcile(Desired(projects=wanted), observed)
