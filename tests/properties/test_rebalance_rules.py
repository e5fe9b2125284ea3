"""What holds after a rebalance, and of the way there, on any sound cluster to which a node comes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from orchestrate.model.node import Node
from orchestrate.model.plan import StartReplica
from orchestrate.model.spec.deploy import Resources
from tests.builders import GIB, changed, observed, project, replica, service, serving
from tests.fake_node import FakeNode
from tests.fakes import FakeCluster
from tests.planning import reconciled
from tests.properties.clusters import (
    REGISTRY,
    Projects,
    Situation,
    bounded,
    held,
    looked_at,
    rollouts,
    settle,
)

JOINS = "n9"


def joined(situation: Situation) -> tuple[FakeCluster, Projects]:
    """As desired, and with an empty node, on which all of it would fit."""
    cluster, wanted = situation
    settle(cluster, wanted)
    cluster.members[JOINS] = FakeNode(
        node=Node(name=JOINS, labels={"zone": "a"}),
        registry=REGISTRY,
        memory=64 * GIB,
        subnet="10.210.9.0/24",
    )
    settle(cluster, wanted)
    return cluster, wanted


def slots(cluster: FakeCluster) -> Counter[tuple[str, str, int]]:
    return Counter((one.project, one.service, one.slot) for _, one in held(cluster))


@bounded
@given(rollouts)
def test_it_comes_to_an_end_and_loses_nothing(situation: Situation) -> None:
    cluster, wanted = joined(situation)
    before = slots(cluster)

    cluster.converge(*wanted, rebalances=True)

    assert slots(cluster) == before
    assert reconciled(looked_at(cluster), projects=wanted, rebalances=True).steps == ()


@bounded
@given(rollouts)
def test_nothing_moves_twice_or_to_where_it_is(situation: Situation) -> None:
    cluster, wanted = joined(situation)
    there = {(one.project, one.service, one.slot, node) for node, one in held(cluster)}

    plan = reconciled(looked_at(cluster), projects=wanted, rebalances=True)

    moves = [one for one in plan.actions if isinstance(one, StartReplica)]
    slots = [(one.replica.project, one.replica.service.name, one.replica.slot) for one in moves]
    assert len(slots) == len(set(slots))
    assert not there & {(*slot, one.node) for slot, one in zip(slots, moves, strict=True)}


@bounded
@given(rollouts)
def test_replicas_of_a_service_are_even_to_within_one(situation: Situation) -> None:
    """Where any node can take them: without memory, constraints, volumes and ports."""
    cluster, some = situation
    wanted = tuple(
        replace(
            one,
            services=tuple(
                changed(
                    each,
                    mounts=(),
                    ports=(),
                    budget=None,
                    constraints=(),
                    mode="replicated",
                    resources=Resources(),
                )
                for each in one.services
            ),
        )
        for one in some
    )
    cluster, wanted = joined((cluster, wanted))

    cluster.converge(*wanted, rebalances=True)

    for found in wanted:
        for each in (one for one in found.services if not one.lifecycle.completes):
            here = Counter(
                node
                for node, one in held(cluster)
                if (one.project, one.service) == (found.name, each.name)
            )
            counts = [here[name] for name in cluster.members]
            assert max(counts) - min(counts) <= 1


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5))
def test_one_service_is_evened_out_by_as_few_moves_as_that_takes(counts: list[int]) -> None:
    web = service(replicas=sum(counts))
    slots = iter(range(1, sum(counts) + 1))
    nodes = [
        serving(*(replica(web, slot=next(slots)) for _ in range(count)), name=f"n{number}")
        for number, count in enumerate(counts)
    ]

    plan = reconciled(observed(*nodes), projects=(project(web),), rebalances=True)

    assert len(plan.starts) == least_moves(counts)


def least_moves(counts: list[int]) -> int:
    """The fullest nodes keep one more, where not all can have the same."""
    share, more = divmod(sum(counts), len(counts))
    fullest_first = sorted(counts, reverse=True)
    return sum(max(0, had - share - (place < more)) for place, had in enumerate(fullest_first))
