"""A host is taken out of the inventory at any moment: all goes on elsewhere, once each, with its data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import dropwhile

from hypothesis import assume, given
from hypothesis import strategies as st

from orchestrate.errors import UnreachableError
from orchestrate.model.observed.parts import Part
from orchestrate.model.plan import StopReplica
from tests.examples import examples
from tests.fake_actuator import DiedError
from tests.fakes import FakeCluster
from tests.properties.clusters import (
    Projects,
    Situation,
    bounded,
    clusters,
    held,
    planned,
    projects,
    settle,
)

Slot = tuple[str, str, int]
removals = st.tuples(st.tuples(clusters, projects), st.integers(0, 3), st.integers(0, 12))


def removed_from(situation: Situation, which: int, moment: int) -> tuple[FakeCluster, str]:
    """Somebody is at work on new files, and is cut off; then the host is taken away."""
    cluster, wanted = situation
    assume(len(cluster.members) > 1)
    name = f"n{which % len(cluster.members) + 1}"
    for own, member in cluster.members.items():
        member.peers = frozenset(cluster.members.keys() - {own})
    cluster.actuator.dies_after = moment
    with suppress(DiedError):
        settle(cluster, wanted)
    cluster.actuator.dies_after = None
    cluster.inventory.removed.add(name)
    return cluster, name


@bounded
@given(removals)
def test_all_of_it_ends_elsewhere(removal: tuple[Situation, int, int]) -> None:
    situation, which, moment = removal
    cluster, name = removed_from(situation, which, moment)
    wanted = situation[1]
    cluster.actuator.on_action = never_an_empty_disk(cluster, wanted)
    slots = single(cluster, wanted)

    settle(cluster, wanted)

    plan = planned(cluster, wanted)
    assert plan.steps == ()
    assert all(replicas(cluster, wanted)[slot] == 1 for slot in slots)
    if not plan.unmet:
        assert name not in cluster.store.journal.nodes
        assert not any(node == name for node, _ in held(cluster))
        assert not any(name in member.peers for member in cluster.members.values())


@bounded
@given(removals)
def test_no_slot_has_more_than_the_old_one_and_the_new_one(
    removal: tuple[Situation, int, int],
) -> None:
    (original, wanted), which, moment = removal
    cluster, _ = removed_from((original, wanted), which, moment)
    slots = single(cluster, wanted)

    def look() -> None:
        assert all(replicas(cluster, wanted)[slot] <= 2 for slot in slots)

    cluster.actuator.on_action = look
    with suppress(UnreachableError):
        cluster.converge(*wanted)


@examples(40)
@given(removals)
def test_who_was_forgotten_and_returns_gives_way_first(
    removal: tuple[Situation, int, int],
) -> None:
    """Nothing is done on its host before what was superseded there has stopped, not even mending it."""
    (cluster, wanted), which, _ = removal
    assume(len(cluster.members) > 1)
    settle(cluster, wanted)
    slots = single(cluster, wanted)
    name = f"n{which % len(cluster.members) + 1}"
    member = cluster.members[name]
    member.answers = member.is_alive = False
    cluster.store.journal = cluster.store.journal.marked([name], "forgotten")
    settle(cluster, wanted)
    member.answers = member.is_alive = True
    member.network = Part(state="drifted")
    del cluster.reporter.plans[:]

    settle(cluster, wanted)

    for plan in cluster.reporter.plans:
        acts = [action for action in plan.actions if action.node == name]
        late = dropwhile(lambda one: isinstance(one, StopReplica), acts)
        assert not any("another container" in one.reason for one in late)
    assert planned(cluster, wanted).steps == ()
    assert all(replicas(cluster, wanted)[slot] == 1 for slot in slots)


def single(cluster: FakeCluster, wanted: Projects) -> set[Slot]:
    """The slots with one container: of a service that was global, there is one on every node."""
    return {slot for slot, count in replicas(cluster, wanted).items() if count == 1}


def replicas(cluster: FakeCluster, wanted: Projects) -> Counter[Slot]:
    """How many containers run in each slot that is wanted to go on running."""
    replicated = {
        (one.name, service.name): service.deploy.replicas
        for one in wanted
        for service in one.services
        if not (service.deploy.is_global or service.lifecycle.completes)
    }
    return Counter(
        (one.project, one.service, one.slot)
        for _, one in held(cluster)
        if one.state == "running" and one.slot <= replicated.get((one.project, one.service), 0)
    )


def never_an_empty_disk(cluster: FakeCluster, wanted: Projects) -> Callable[[], None]:
    """A new volume is for a replica more than there are volumes, wherever these are."""
    most = {
        f"{one.name}_{service.name}": service.deploy.replicas
        for one in wanted
        for service in one.services
        if not service.deploy.is_global
    }
    before = holders(cluster)

    def look() -> None:
        for volume, count in holders(cluster).items():
            if volume in most and count > before[volume]:
                assert count <= most[volume]
        before.update(holders(cluster))

    return look


def holders(cluster: FakeCluster) -> Counter[str]:
    return Counter(volume for member in cluster.members.values() for volume in member.volumes)
