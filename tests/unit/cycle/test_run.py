"""A cycle on a cluster in memory: what is done and said, and what the next one finishes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrate.cycle.snapshot import fresh
from orchestrate.model.journal import Journal
from orchestrate.model.plan import RemoveVolume, StartReplica, StopReplica
from orchestrate.model.spec.project import Project
from orchestrate.views.summary import summary_sentence
from tests.builders import changed, project, registration_of, replica
from tests.fake_actuator import DiedError
from tests.fakes import FakeCluster
from tests.observed import STOPPED
from tests.unit.cycle.conftest import DB, WEB


def test_a_first_deployment_and_then_nothing(cluster: FakeCluster) -> None:
    first = cluster.converge(project(WEB, DB))
    before = {name: dict(member.containers) for name, member in cluster.members.items()}
    second = cluster.converge(project(WEB, DB))

    assert cluster.running() == ["n1 db:1 1", "n1 web:1 3", "n2 web:1 1", "n3 web:1 2"]
    assert summary_sentence(first) == "9 actions done; 4 containers on 3 nodes are as desired."
    assert (first.exit_code, first.changed) == (0, True)
    assert summary_sentence(second) == "Nothing to do: 4 containers on 3 nodes are as desired."
    assert (second.exit_code, second.changed) == (0, False)
    assert {name: member.containers for name, member in cluster.members.items()} == before


def test_a_plan_is_told_before_it_is_carried_out(cluster: FakeCluster) -> None:
    report = cluster.converge(project(WEB))

    assert tuple(cluster.reporter.plans) == report.plans


@pytest.mark.parametrize("actions", range(8))
def test_killed_anywhere_the_next_cycle_finishes_it(cluster: FakeCluster, actions: int) -> None:
    cluster.actuator.dies_after = actions
    with pytest.raises(DiedError):
        cluster.converge(project(WEB, DB))

    report = cluster.converge(project(WEB, DB))

    assert report.exit_code == 0
    assert cluster.running() == ["n1 db:1 1", "n1 web:1 3", "n2 web:1 1", "n3 web:1 2"]


def test_killed_in_the_middle_of_a_rollout(cluster: FakeCluster) -> None:
    cluster.converge(project(WEB))
    cluster.actuator.dies_after = 5
    with pytest.raises(DiedError):
        cluster.converge(project(changed(WEB, image="web:2")))

    cluster.converge(project(changed(WEB, image="web:2")))

    assert cluster.running() == ["n1 web:2 1", "n2 web:2 2", "n3 web:2 3"]


def test_what_an_engine_hid_is_mended_in_the_same_cycle(cluster: FakeCluster) -> None:
    cluster.converge(project(WEB))
    member = cluster.members["n1"]
    member.engine = STOPPED
    member.containers = {
        name: replace(one, state="exited", exit_code=255) for name, one in member.containers.items()
    }

    report = cluster.converge(project(WEB))

    assert [len(plan.steps) for plan in report.plans] == [1, 1]
    assert report.exit_code == 0
    assert cluster.running() == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3"]


def test_a_project_is_removed_with_its_volumes(cluster: FakeCluster) -> None:
    cluster.converge(project(WEB, DB))
    gone = Project(name="counter", volumes=project(DB).volumes)

    report = cluster.converge(gone, purged=frozenset({"counter"}))

    assert report.exit_code == 0
    assert isinstance(report.plans[-1].actions[-1], RemoveVolume)
    assert (cluster.running(), cluster.members["n1"].volumes) == ([], {})


def test_a_service_that_is_renamed_takes_over_its_data(cluster: FakeCluster) -> None:
    cluster.converge(project(DB))

    report = cluster.converge(project(changed(DB, name="store")))

    assert report.exit_code == 0
    assert cluster.running() == ["n1 db:1 1"]
    assert [type(action) for plan in report.plans for action in plan.actions] == [
        StopReplica,
        StartReplica,
    ]


def test_a_ghost_is_forgotten(cluster: FakeCluster) -> None:
    ghost = registration_of(replica(WEB))
    cluster.members["n2"].registrations = {ghost.id: ghost}

    cluster.converge(Project(name="counter"))

    assert cluster.members["n2"].registrations == {}


def test_acting_is_noted_so_that_others_look_again(cluster: FakeCluster) -> None:
    cluster.clock.at = 77
    cluster.converge(project(WEB))

    assert cluster.store.journal.acted_at == 77


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
    fresh(cluster.ports, Journal(acted_at=acted_at), 100, cluster.observer.look)

    assert cluster.observer.looks == looks
