"""One cycle on a cluster in memory: what is done, what is said, and what is left for the next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrate.errors import UnreachableError
from orchestrate.loop import fresh, run_cycle, see
from orchestrate.model.journal import Journal, NodeRecord
from orchestrate.model.node import Node
from orchestrate.model.observed import ObservedNode, Part
from orchestrate.model.plan import ConfigureProxy, RemoveVolume, StartReplica, StopReplica
from orchestrate.model.report import CycleReport
from orchestrate.model.spec import Project
from orchestrate.planner.desired import Desired
from orchestrate.planner.sentence import sentence
from tests.builders import (
    NOW,
    changed,
    ingress,
    mounted,
    project,
    registration_of,
    replica,
    service,
    update,
)
from tests.fake_node import STOPPED, FakeNode
from tests.fakes import DiedError, FakeCluster

REGISTRY: dict[str, dict[str, Any]] = {
    f"{name}:{number}": {} for name in ("web", "db", "bad") for number in (1, 2)
}
WEB = service(image="web:1", replicas=3, expose=(80,), update=update(order="start-first"))
DB = service(name="db", image="db:1", mounts=mounted())


@pytest.fixture
def cluster() -> FakeCluster:
    """Three nodes; images named `bad` crash on each."""
    return FakeCluster(
        {
            name: FakeNode(
                node=Node(name=name, proxies=name == "n1"),
                registry=REGISTRY,
                broken={"bad:1", "bad:2"},
            )
            for name in ("n1", "n2", "n3")
        }
    )


def cycle(cluster: FakeCluster, *wanted: Project, **fields: Any) -> CycleReport:
    desired = Desired(projects=wanted, **fields)
    return run_cycle(cluster.ports, desired, cluster.read(), cluster.seen())


def running(cluster: FakeCluster) -> list[str]:
    return sorted(
        f"{name} {one.config['image']} {one.slot}"
        for name, member in cluster.members.items()
        for one in member.containers.values()
        if one.state == "running"
    )


def test_a_first_deployment_and_then_nothing(cluster: FakeCluster) -> None:
    first = cycle(cluster, project(WEB, DB))
    before = {name: dict(member.containers) for name, member in cluster.members.items()}
    second = cycle(cluster, project(WEB, DB))

    assert running(cluster) == ["n1 db:1 1", "n1 web:1 3", "n2 web:1 1", "n3 web:1 2"]
    assert sentence(first) == "9 actions done; 4 containers on 3 nodes are as desired."
    assert (first.exit_code, first.changed) == (0, True)
    assert sentence(second) == "Nothing to do: 4 containers on 3 nodes are as desired."
    assert (second.exit_code, second.changed) == (0, False)
    assert {name: member.containers for name, member in cluster.members.items()} == before


def test_a_plan_is_told_before_it_is_carried_out(cluster: FakeCluster) -> None:
    report = cycle(cluster, project(WEB))

    assert tuple(cluster.plans) == report.plans


@pytest.mark.parametrize("actions", range(8))
def test_killed_anywhere_the_next_cycle_finishes_it(cluster: FakeCluster, actions: int) -> None:
    cluster.dies_after = actions
    with pytest.raises(DiedError):
        cycle(cluster, project(WEB, DB))

    report = cycle(cluster, project(WEB, DB))

    assert report.exit_code == 0
    assert running(cluster) == ["n1 db:1 1", "n1 web:1 3", "n2 web:1 1", "n3 web:1 2"]


def test_killed_in_the_middle_of_a_rollout(cluster: FakeCluster) -> None:
    cycle(cluster, project(WEB))
    cluster.dies_after = 5
    with pytest.raises(DiedError):
        cycle(cluster, project(changed(WEB, image="web:2")))

    cycle(cluster, project(changed(WEB, image="web:2")))

    assert running(cluster) == ["n1 web:2 1", "n2 web:2 2", "n3 web:2 3"]


def test_what_an_engine_hid_is_mended_in_the_same_cycle(cluster: FakeCluster) -> None:
    cycle(cluster, project(WEB))
    member = cluster.members["n1"]
    member.engine = STOPPED
    member.containers = {
        name: replace(one, state="exited", exit_code=255) for name, one in member.containers.items()
    }

    report = cycle(cluster, project(WEB))

    assert [len(plan.steps) for plan in report.plans] == [1, 1]
    assert report.exit_code == 0
    assert running(cluster) == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3"]


BAD = project(service(image="bad:1"), name="bad")


def test_one_projects_failure_does_not_stop_the_others(cluster: FakeCluster) -> None:
    good = project(changed(WEB, ingress=ingress()), name="good")
    cycle(cluster, BAD, project(service(image="db:1", name="old"), name="good"))

    report = cycle(cluster, project(service(image="bad:2"), name="bad"), good)

    assert report.exit_code == 1
    assert sentence(report).startswith('Failed at "Replace bad/web.1" on n1')
    assert [one.reason for one in report.unmet] == ["failed; the next cycle goes on with it"]
    later = report.plans[-1]
    assert {type(action) for action in later.actions} >= {ConfigureProxy, StopReplica}
    assert not any("db:1" in one for one in running(cluster))


def test_a_replica_that_crashes_fails_one_cycle_and_is_then_left_to_the_engine(
    cluster: FakeCluster,
) -> None:
    first = cycle(cluster, BAD)
    second = cycle(cluster, BAD)

    assert first.exit_code == 1
    assert "exited with code 1; it said: no such file" in first.failures[0].message
    assert (second.exit_code, second.plans) == (3, ())
    assert "crashes: restarting" in sentence(second)


def test_a_bad_revision_never_takes_down_the_good_one(cluster: FakeCluster) -> None:
    cycle(cluster, project(WEB))
    for _ in range(4):
        report = cycle(cluster, project(changed(WEB, image="bad:1")))
        assert report.exit_code in {1, 3}

    assert running(cluster) == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3"]

    cycle(cluster, project(changed(WEB, image="web:2")))
    assert running(cluster) == ["n1 web:2 1", "n2 web:2 2", "n3 web:2 3"]


def test_an_image_that_is_not_there(cluster: FakeCluster) -> None:
    cycle(cluster, project(WEB))

    report = cycle(cluster, project(changed(WEB, image="web:9")))

    assert sentence(report).startswith('Failed at "Pull images" on n1 and 2 more')
    assert running(cluster) == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3"]


def test_what_fails_for_a_part_of_a_node_ends_the_cycle(cluster: FakeCluster) -> None:
    cluster.members["n2"].network = Part(state="drifted")
    cluster.on_action = lambda: setattr(cluster.members["n2"], "answers", False)
    cluster.members["n1"].network = Part(state="drifted")

    report = cycle(cluster, project(WEB))

    assert (
        sentence(report) == 'Failed at "Repair the network" on n2; what was done before it stands.'
    )
    assert len(report.plans) == 1


def test_stopped_by_the_user(cluster: FakeCluster) -> None:
    cluster.cancels = True

    report = cycle(cluster, project(WEB))

    assert (report.exit_code, report.was_stopped, running(cluster)) == (130, True, [])
    assert cluster.looks == 1


def test_the_same_actions_are_not_tried_twice(cluster: FakeCluster) -> None:
    """Somebody undoes it as soon as it is done."""
    cluster.members["n1"].routes = "mine"
    cluster.on_action = lambda: setattr(cluster.members["n1"], "routes", "mine")

    report = cycle(cluster, Project(name="none"))

    assert len(report.plans) == 1
    assert sentence(report) == "1 action done, but 1 action did not help and remain."
    assert report.exit_code == 3


def delay(cluster: FakeCluster, looks: int) -> None:
    """The checks of n1 pass only when the cluster was looked at so often."""
    member = cluster.members["n1"]

    def hold_back() -> None:
        waits = cluster.looks < looks
        member.registrations = {
            name: replace(one, status="critical" if waits else "passing")
            for name, one in member.registrations.items()
        }

    cluster.on_look = hold_back


@pytest.mark.parametrize(
    ("looks", "exit_code"),
    [
        pytest.param(6, 0, id="within-seconds"),
        pytest.param(99, 3, id="never"),
    ],
)
def test_what_was_mended_is_given_a_moment(
    cluster: FakeCluster, looks: int, exit_code: int
) -> None:
    cycle(cluster, project(WEB))
    cluster.members["n1"].registrations.clear()
    delay(cluster, looks)

    report = cycle(cluster, project(WEB))

    assert report.exit_code == exit_code
    assert len(report.plans) == 1


def test_what_was_not_touched_is_not_waited_for(cluster: FakeCluster) -> None:
    cycle(cluster, project(WEB))
    before = cluster.looks
    delay(cluster, 99)

    assert cycle(cluster, project(WEB)).exit_code == 3
    assert cluster.looks == before + 1


def test_silence_is_noted_and_forgotten(cluster: FakeCluster) -> None:
    cluster.members["n3"].answers = False
    cycle(cluster, project(WEB))
    assert cluster.journal.nodes == {"n3": NodeRecord(unknown_since=NOW)}

    cluster.at += 5
    cycle(cluster, project(WEB))
    assert cluster.journal.nodes["n3"].unknown_since == NOW

    cluster.members["n3"].answers = True
    cycle(cluster, project(WEB))
    assert cluster.journal.nodes["n3"].unknown_since is None


def test_a_lost_node_is_replaced_and_gives_way_when_it_returns(cluster: FakeCluster) -> None:
    cycle(cluster, project(WEB))
    member = cluster.members["n3"]
    member.answers = member.is_alive = False

    assert cycle(cluster, project(WEB)).exit_code == 3
    assert running(cluster) == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3"]
    cluster.at += 30
    cycle(cluster, project(WEB))
    assert running(cluster) == ["n1 web:1 1", "n1 web:1 3", "n2 web:1 2", "n3 web:1 3"]

    member.answers = member.is_alive = True
    assert cycle(cluster, project(WEB)).exit_code == 0
    assert running(cluster) == ["n1 web:1 1", "n1 web:1 3", "n2 web:1 2"]


def test_when_most_are_silent_nothing_is_changed_nor_noted(cluster: FakeCluster) -> None:
    for name in ("n2", "n3"):
        cluster.members[name].answers = False

    with pytest.raises(UnreachableError, match="n2, n3: 67% of the nodes do not answer"):
        cycle(cluster, project(WEB))

    assert cluster.journal == Journal()
    assert running(cluster) == []


def test_a_project_is_removed_with_its_volumes(cluster: FakeCluster) -> None:
    cycle(cluster, project(WEB, DB))
    gone = Project(name="counter", volumes=project(DB).volumes)

    report = cycle(cluster, gone, purged=frozenset({"counter"}))

    assert report.exit_code == 0
    assert isinstance(report.plans[-1].actions[-1], RemoveVolume)
    assert (running(cluster), cluster.members["n1"].volumes) == ([], {})


def test_a_service_that_is_renamed_takes_over_its_data(cluster: FakeCluster) -> None:
    cycle(cluster, project(DB))

    report = cycle(cluster, project(changed(DB, name="store")))

    assert report.exit_code == 0
    assert running(cluster) == ["n1 db:1 1"]
    assert [type(action) for plan in report.plans for action in plan.actions] == [
        StopReplica,
        StartReplica,
    ]


def test_acting_is_noted_so_that_others_look_again(cluster: FakeCluster) -> None:
    cluster.at = 77
    cycle(cluster, project(WEB))

    assert cluster.journal.acted_at == 77


@pytest.mark.parametrize(
    ("acted_at", "looks"),
    [
        pytest.param(50, 1, id="acted-before"),
        pytest.param(100, 2, id="acted-meanwhile"),
        pytest.param(150, 2, id="acted-since"),
    ],
)
def test_what_was_seen_is_fresh_unless_somebody_acted(
    cluster: FakeCluster, acted_at: float, looks: int
) -> None:
    fresh(cluster.ports, Journal(acted_at=acted_at), 100, cluster.seen)

    assert cluster.looks == looks


def see_one(cluster: FakeCluster, name: str, journal: Journal) -> ObservedNode:
    observed = see(cluster.ports, journal, cluster.seen())
    return next(node for node in observed.nodes if node.name == name)


def test_what_is_hidden_is_asked_of_consul(cluster: FakeCluster) -> None:
    cycle(cluster, project(WEB))
    for member in cluster.members.values():
        member.engine = STOPPED
    cluster.members["n2"].is_alive = False

    found = see_one(cluster, "n2", Journal())

    assert not found.alive_for_consul
    assert [one.slot for one in found.remembered] == [2]


def test_what_a_person_wants_of_a_node_comes_from_the_journal(cluster: FakeCluster) -> None:
    journal = Journal(nodes={"n2": NodeRecord(availability="cordoned", unknown_since=5)})

    found = see_one(cluster, "n2", journal)

    assert (found.availability, found.unknown_since) == ("cordoned", None)


def test_a_ghost_is_forgotten(cluster: FakeCluster) -> None:
    ghost = registration_of(replica(WEB))
    cluster.members["n2"].registrations = {ghost.id: ghost}

    cycle(cluster, Project(name="counter"))

    assert cluster.members["n2"].registrations == {}
