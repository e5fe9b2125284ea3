"""What holds for every plan while it is carried out, and wherever that is cut off."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from orchestrate.errors import UnreachableError
from orchestrate.model.spec.service import Service
from orchestrate.planner.containers.replica import in_slot, wanted_replica
from orchestrate.planner.services.slots import Standard, assess
from orchestrate.planner.snapshot import replicas_by_service
from tests.fake_actuator import DiedError
from tests.fakes import FakeCluster
from tests.properties.clusters import (
    NEW,
    Projects,
    Situation,
    bounded,
    held,
    looked_at,
    planned,
    rollouts,
    settle,
    situations,
)


@bounded
@given(situations)
def test_after_perfect_action_there_is_nothing_to_do(situation: Situation) -> None:
    cluster, wanted = situation
    settle(cluster, wanted)

    assert planned(cluster, wanted).steps == ()


@bounded
@given(situations, st.integers(0, 12))
def test_a_plan_cut_off_anywhere_is_finished_later(situation: Situation, actions: int) -> None:
    """To the same end, where there is one: of two that want the last port, either may have it."""
    cluster, wanted = situation
    killed = copy.deepcopy(cluster)
    settle(cluster, wanted)

    killed.actuator.dies_after = actions
    with suppress(DiedError):
        settle(killed, wanted)
    settle(killed, wanted)

    assert planned(killed, wanted).steps == ()
    if not planned(cluster, wanted).unmet:
        assert ends_of(killed) == ends_of(cluster)


@bounded
@given(situations)
def test_what_meets_the_standard_of_its_service_would_be_kept(situation: Situation) -> None:
    cluster, wanted = situation
    seen = looked_at(cluster)
    groups = replicas_by_service(seen)

    for of, each in [(one, each) for one in wanted for each in one.services]:
        first = wanted_replica(of, each, 1)
        standard = Standard(first, 60)
        for one in groups.get((of.name, each.name), ()):
            slot = one.container.slot
            if standard.is_met(slot, one):
                assert assess(in_slot(first, slot), [one], 60).verdict == "keep"


def ends_of(cluster: FakeCluster) -> Counter[tuple[str, ...]]:
    """What runs in the end, and in which state; where is another matter."""
    return Counter(
        (one.project, one.service, str(one.slot), one.revision, one.state)
        for _, one in held(cluster)
    )


def watched(cluster: FakeCluster, wanted: Projects, look: Callable[[], None]) -> None:
    """`look` after every single action."""
    cluster.actuator.on_action = look
    with suppress(UnreachableError):
        cluster.converge(*wanted)


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

    watched(cluster, wanted, loss_within_bounds(cluster, wanted))


@bounded
@given(rollouts)
def test_nor_does_one_that_does_not_come_up(situation: Situation) -> None:
    """However often it is tried: what crashes takes the place of one batch at the most."""
    cluster, wanted = situation
    for member in cluster.members.values():
        member.broken.add(NEW)

    look = loss_within_bounds(cluster, wanted)

    for _ in range(3):
        watched(cluster, wanted, look)


def loss_within_bounds(cluster: FakeCluster, wanted: Projects) -> Callable[[], None]:
    """Each service may lose `parallelism` replicas, and none where new ones are started first."""
    services = [(one.name, service) for one in wanted for service in one.services]
    before = {(name, service.name): passing(cluster, name, service) for name, service in services}

    def look() -> None:
        for name, service in services:
            down = before[name, service.name] - passing(cluster, name, service)
            config, reserved = service.deploy.update, service.deploy.resources.reserved_memory
            assert down <= (config.parallelism or down)
            if config.order == "start-first" and not (
                service.network.ports or service.storage.mounts or reserved
            ):
                assert down <= 0

    return look


@bounded
@given(situations)
def test_memory_ports_and_volumes_are_never_given_twice(situation: Situation) -> None:
    """A port that is taken fails the action, which `settle` would see."""
    cluster, wanted = situation
    before = {name: reserved_on(cluster, name) for name in cluster.members}
    shared = mounted_twice(cluster)

    def look() -> None:
        for name, member in cluster.members.items():
            room = member.memory - int(member.foreign.get("memory", 0))
            assert reserved_on(cluster, name) <= max(room, before[name])
        assert mounted_twice(cluster) <= shared

    watched(cluster, wanted, look)


def reserved_on(cluster: FakeCluster, name: str) -> int:
    """What has completed holds nothing any more."""
    labels = (one.labels for node, one in held(cluster) if node == name and not one.is_done)
    return sum(int(found.get("orchestrate.reserved.memory", 0)) for found in labels)


def mounted_twice(cluster: FakeCluster) -> set[tuple[str, ...]]:
    """Volumes that two replicas of one service have mounted on one node."""
    count = Counter(
        (node, mount["source"], one.project, one.service)
        for node, one in held(cluster)
        for mount in one.config["mounts"]
        if mount["source"] and not one.is_done
    )
    return {key for key, number in count.items() if number > 1}
