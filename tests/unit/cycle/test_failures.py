"""Cycles in which something fails, is stopped, does not help, or takes its time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrate.errors import StoppedError
from orchestrate.model.observed.container import Container
from orchestrate.model.observed.parts import Part
from orchestrate.model.plan import ConfigureProxy, StopReplica
from orchestrate.model.spec.project import Project
from orchestrate.views.summary import summary_sentence
from tests.builders import changed, ingress, project, service
from tests.fakes import FakeCluster
from tests.unit.cycle.conftest import DB, WEB

BAD = project(service(image="bad:1"), name="bad")


def test_one_projects_failure_does_not_stop_the_others(cluster: FakeCluster) -> None:
    good = project(changed(WEB, ingress=ingress()), name="good")
    cluster.converge(BAD, project(service(image="db:1", name="old"), name="good"))

    report = cluster.converge(project(service(image="bad:2"), name="bad"), good)

    assert report.exit_code == 1
    assert summary_sentence(report).startswith('Failed at "Replace bad/web.1" on n1')
    assert [one.reason for one in report.unmet] == ["failed; the next cycle goes on with it"]
    later = report.plans[-1]
    assert {type(action) for action in later.actions} >= {ConfigureProxy, StopReplica}
    assert not any("db:1" in one for one in cluster.running())


def test_a_replica_that_crashes_is_tried_on_each_node_and_then_left_to_the_engine(
    cluster: FakeCluster,
) -> None:
    tries = [cluster.converge(BAD) for _ in range(3)]
    last = cluster.converge(BAD)

    assert [one.exit_code for one in tries] == [1, 1, 1]
    assert [one.failures[0].node for one in tries] == ["n1", "n2", "n3"]
    assert "exited with code 1; it said: no such file" in tries[0].failures[0].message
    assert (last.exit_code, last.plans) == (3, ())
    assert "crashes: restarting" in summary_sentence(last)
    assert sum(len(member.containers) for member in cluster.members.values()) == 1


def test_what_fails_on_one_node_runs_on_another(cluster: FakeCluster) -> None:
    """And comes back to neither that node, nor to it later, as long as all is well."""
    cluster.members["n1"].broken.add("web:1")
    one = project(changed(WEB, replicas=1))

    first, second = cluster.converge(one), cluster.converge(one)

    assert (first.exit_code, second.exit_code) == (1, 0)
    assert [failure.node for failure in first.failures] == ["n1"]
    assert cluster.running() == ["n2 web:1 1"]
    cluster.clock.at += 3600
    assert cluster.converge(one).plans == ()


def test_a_failure_is_forgotten_after_a_while(cluster: FakeCluster) -> None:
    cluster.members["n1"].broken.add("web:1")
    cluster.converge(project(changed(WEB, replicas=1)))
    cluster.members["n1"].broken.clear()

    cluster.converge(project(changed(WEB, replicas=2)))
    soon = cluster.running()
    cluster.clock.at += 3600
    cluster.converge(project(changed(WEB, replicas=3)))

    assert soon == ["n2 web:1 2", "n3 web:1 1"]
    assert cluster.running() == ["n1 web:1 3", *soon]


def test_an_image_that_one_node_cannot_have(cluster: FakeCluster) -> None:
    cluster.members["n1"].registry = {}
    one = project(changed(WEB, replicas=1))

    first, second = cluster.converge(one), cluster.converge(one)

    assert summary_sentence(first).startswith('Failed at "Pull images" on n1')
    assert (second.exit_code, cluster.running()) == (0, ["n2 web:1 1"])


def test_a_bad_revision_never_takes_down_the_good_one(cluster: FakeCluster) -> None:
    cluster.converge(project(WEB))
    for _ in range(4):
        report = cluster.converge(project(changed(WEB, image="bad:1")))
        assert report.exit_code in {1, 3}

    assert cluster.running() == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3"]

    cluster.converge(project(changed(WEB, image="web:2")))
    assert cluster.running() == ["n1 web:2 1", "n2 web:2 2", "n3 web:2 3"]


def test_an_image_that_is_not_there(cluster: FakeCluster) -> None:
    cluster.converge(project(WEB))

    report = cluster.converge(project(changed(WEB, image="web:9")))

    assert summary_sentence(report).startswith('Failed at "Pull images" on n1 and 2 more')
    assert cluster.running() == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3"]


def test_a_node_that_cannot_be_mended_does_not_stop_the_others(cluster: FakeCluster) -> None:
    cluster.members["n1"].network = Part(state="drifted")
    cluster.members["n2"].network = Part(state="drifted")
    cluster.members["n2"].unmendable = {"network"}

    report = cluster.converge(project(WEB))

    assert summary_sentence(report).startswith('Failed at "Repair the network" on n2')
    assert [(one.subject, one.reason) for one in report.unmet] == [
        ("n2", "could not be mended; the next cycle tries again")
    ]
    assert cluster.running() == ["n1 web:1 1", "n1 web:1 3", "n3 web:1 2"]


def test_nor_does_a_proxy(cluster: FakeCluster) -> None:
    cluster.converge(project(changed(WEB, name="old")))
    cluster.members["n1"].unmendable = {"proxy"}

    report = cluster.converge(project(changed(WEB, ingress=ingress())))

    assert summary_sentence(report).startswith('Failed at "Configure the proxies" on n1')
    assert cluster.running() == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3"]


def test_what_is_nobodys_failure_ends_the_cycle(cluster: FakeCluster) -> None:
    """A volume is removed last of all, and its project is gone."""
    cluster.converge(project(DB))
    gone = Project(name="counter", volumes=project(DB).volumes)
    member = cluster.members["n1"]
    mounts = {"labels": {}, "mounts": [{"source": "counter_data"}]}
    member.containers["guest"] = Container(name="guest", config=mounts)

    report = cluster.converge(gone, purged=frozenset({"counter"}))

    assert summary_sentence(report).startswith('Failed at "Remove volumes" on n1')
    assert (len(report.plans), report.exit_code) == (1, 1)


def test_stopped_by_the_user(cluster: FakeCluster) -> None:
    cluster.actuator.cancels = True

    report = cluster.converge(project(WEB))

    assert (report.exit_code, report.was_stopped, cluster.running()) == (130, True, [])
    assert cluster.observer.looks == 1


def test_stopped_by_the_user_while_the_result_is_looked_at(cluster: FakeCluster) -> None:
    """By then something was changed, whatever a look that is stopped may say of itself."""

    def stop() -> None:
        if cluster.observer.looks == 2:
            raise StoppedError("nothing was changed")

    cluster.observer.on_look = stop

    report = cluster.converge(project(WEB))

    assert (report.exit_code, report.was_stopped, report.changed) == (130, True, True)
    assert len(cluster.running()) == 3
    assert "nothing was changed" not in summary_sentence(report)


def test_the_same_actions_are_not_tried_twice(cluster: FakeCluster) -> None:
    """Somebody undoes it as soon as it is done."""
    cluster.members["n1"].routes = "mine"
    cluster.actuator.on_action = lambda: setattr(cluster.members["n1"], "routes", "mine")

    report = cluster.converge(Project(name="none"))

    assert len(report.plans) == 1
    assert summary_sentence(report) == "1 action done, but 1 action did not help and remains."
    assert report.exit_code == 3


def delay(cluster: FakeCluster, asked: int) -> None:
    """The checks of n1 pass only when it was asked so often."""
    member = cluster.members["n1"]

    def hold_back() -> None:
        waits = cluster.observer.asked["n1"] < asked
        member.registrations = {
            name: replace(one, status="critical" if waits else "passing")
            for name, one in member.registrations.items()
        }

    cluster.observer.on_look = hold_back


@pytest.mark.parametrize(
    ("asked", "exit_code"),
    [
        pytest.param(6, 0, id="within-seconds"),
        pytest.param(99, 3, id="never"),
    ],
)
def test_what_was_mended_is_given_a_moment(
    cluster: FakeCluster, asked: int, exit_code: int
) -> None:
    cluster.converge(project(WEB))
    cluster.members["n1"].registrations.clear()
    delay(cluster, asked)

    report = cluster.converge(project(WEB))

    assert report.exit_code == exit_code
    assert len(report.plans) == 1


def test_only_the_node_of_what_settles_is_asked_again(cluster: FakeCluster) -> None:
    cluster.converge(project(WEB))
    cluster.members["n1"].registrations.clear()
    cluster.observer.asked.clear()
    delay(cluster, 6)

    report = cluster.converge(project(WEB))

    assert cluster.observer.asked == {"n1": 7, "n2": 2, "n3": 2}
    assert (report.exit_code, report.nodes, report.replicas) == (0, 3, 3)


def test_what_was_not_touched_is_not_waited_for(cluster: FakeCluster) -> None:
    cluster.converge(project(WEB))
    before = cluster.observer.looks
    delay(cluster, 99)

    assert cluster.converge(project(WEB)).exit_code == 3
    assert cluster.observer.looks == before + 1
