"""Who may reach whom, whatever happens: never more than the networks say, and no less in the end."""

from __future__ import annotations

from itertools import permutations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from orchestrate.model.desired import Desired
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.container import Container
from orchestrate.model.plan import SetPolicy
from orchestrate.planner.reconcile import reconcile
from tests.fakes import FakeCluster
from tests.properties.clusters import (
    Projects,
    Situation,
    bounded,
    clusters,
    held,
    looked_at,
    projects,
    rollouts,
    settle,
)
from tests.properties.test_plan import watched

Placed = tuple[str, Container]


def lets(cluster: FakeCluster, one: Container, other: Placed) -> bool:
    """Does the node of `other` let in what `one` begins? Nodes themselves are never asked about."""
    name, container = other
    networks = cluster.members[name].policy.networks.values()
    return any({one.address, container.address} <= set(members) for members in networks)


def shares(one: Container, other: Container) -> bool:
    return bool({*one.networks} & {*other.networks})


def pairs(cluster: FakeCluster) -> list[tuple[Placed, Placed]]:
    return list(permutations(held(cluster), 2))


@bounded
@given(clusters, projects)
def test_in_the_end_two_reach_each_other_exactly_if_they_share_a_network(
    cluster: FakeCluster, wanted: Projects
) -> None:
    settle(cluster, wanted)

    for (_, one), other in pairs(cluster):
        assert lets(cluster, one, other) == shares(one, other[1])
    for name, container in held(cluster):
        is_confined = container.address in cluster.members[name].policy.confined
        assert is_confined == all(network.internal for network in container.networks)


@bounded
@given(rollouts)
def test_at_no_moment_do_two_reach_each_other_that_share_none(situation: Situation) -> None:
    cluster, wanted = situation

    def look() -> None:
        for (_, one), other in pairs(cluster):
            assert shares(one, other[1]) or not lets(cluster, one, other)

    watched(cluster, wanted, look)


@bounded
@given(rollouts)
def test_a_replica_reaches_its_networks_from_its_first_moment(situation: Situation) -> None:
    cluster, wanted = situation

    def look() -> None:
        for (_, one), other in pairs(cluster):
            assert not shares(one, other[1]) or lets(cluster, one, other)

    watched(cluster, wanted, look)


@bounded
@given(clusters, projects, st.randoms(use_true_random=False))
def test_the_order_of_what_is_seen_does_not_matter(
    cluster: FakeCluster, wanted: Projects, random: Random
) -> None:
    seen = looked_at(cluster)
    nodes = list(seen.nodes)
    random.shuffle(nodes)

    assert policies(seen, wanted) == policies(Observed(at=seen.at, nodes=tuple(nodes)), wanted)


def policies(seen: Observed, wanted: Projects) -> list[SetPolicy]:
    plan = reconcile(Desired(projects=wanted), seen)
    return [action for action in plan.actions if isinstance(action, SetPolicy)]
