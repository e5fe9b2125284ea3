"""Cycles that wake hosts, have nodes made, and give them back; whatever goes wrong, and when."""

from __future__ import annotations

import pytest

from orchestrate.model.journal import NodeRecord
from orchestrate.model.node_pool import AddNodes, RemoveNode
from orchestrate.spec.constraints import parse_constraint
from orchestrate.views.summary import summary_sentence
from tests.builders import GIB, changed, project, reserved, service
from tests.fake_node import ActionError, FakeNode
from tests.fakes import FakeCluster
from tests.unit.cycle.conftest import AGENT, DB, MAKES, SETTINGS, WEB, growth, host, webs


@pytest.mark.usefixtures("standby")
def test_a_host_is_woken_provisioned_and_used_and_stands_by_again(cluster: FakeCluster) -> None:
    before = cluster.converge(webs(12), settings=SETTINGS)
    woken = cluster.converge(webs(13), settings=SETTINGS)
    assert "n4 web:1 13" in cluster.running()
    assert not cluster.converge(webs(13), settings=SETTINGS).changed

    cluster.converge(webs(12), settings=SETTINGS)
    cluster.clock.at += 59
    early = cluster.converge(webs(12), settings=SETTINGS)
    cluster.clock.at += 1
    given_back = cluster.converge(webs(12), settings=SETTINGS)

    assert (growth(before), growth(woken), growth(early)) == ([], ["WakeNode n4"], [])
    assert growth(given_back) == ["ReleaseNode n4"]
    assert {one.exit_code for one in (before, woken, early, given_back)} == {0}
    assert not any(one.startswith("n4") for one in cluster.running()), "nor the global service"
    again = cluster.converge(webs(12), settings=SETTINGS)
    assert (again.changed, again.nodes) == (False, 3)


def test_one_that_cannot_be_made_a_node_stands_by_and_is_left_for_a_while(
    cluster: FakeCluster, standby: FakeNode
) -> None:
    standby.unmendable = {"provision"}

    failed = cluster.converge(webs(13), settings=SETTINGS)
    later = cluster.converge(webs(13), settings=SETTINGS)
    standby.unmendable = set()
    insisted = cluster.converge(webs(13), settings=SETTINGS, insists=True)

    assert (growth(failed), failed.exit_code) == (["WakeNode n4"], 1)
    assert len(cluster.running()) == 3 + 12 + 2
    assert (growth(later), later.plans, later.exit_code) == ([], (), 3)
    assert [one.subject for one in later.unmet] == ["counter/web.13", "nodes"]
    assert (growth(insisted), insisted.exit_code) == (["WakeNode n4"], 0)


@pytest.mark.usefixtures("standby")
def test_what_has_to_leave_its_node_and_fits_nowhere_else_has_a_host_woken(
    cluster: FakeCluster,
) -> None:
    cluster.converge(webs(12), settings=SETTINGS)
    cluster.store.overwrite_node("n3", NodeRecord(availability="draining"))

    drained = cluster.converge(webs(12), settings=SETTINGS)

    assert growth(drained) == ["WakeNode n4"]
    assert [one for one in cluster.running() if one.startswith("n4 web")] == ["n4 web:1 3"]
    assert (drained.undrained, drained.exit_code) == (("n3",), 3), "the host takes one of four"


@pytest.mark.usefixtures("standby")
def test_nobody_is_woken_for_what_may_not_be_moved(cluster: FakeCluster) -> None:
    cluster.converge(webs(12), settings=SETTINGS)
    cluster.store.overwrite_node("n3", NodeRecord(availability="draining"))

    limited = cluster.converge(webs(12), settings=SETTINGS, limit=frozenset({"n1", "n4"}))

    assert growth(limited) == []


@pytest.mark.usefixtures("standby")
def test_so_has_a_new_version_that_needs_more_than_there_is(cluster: FakeCluster) -> None:
    small, large = (
        project(changed(WEB, replicas=1, image=f"web:{version}", resources=reserved(cpus=cpus)))
        for version, cpus in ((1, 1), (2, 16))
    )
    cluster.members["n4"].cpus = 32
    cluster.converge(small, settings=SETTINGS)

    report = cluster.converge(large, settings=SETTINGS)

    assert (growth(report), report.exit_code) == (["WakeNode n4"], 0)
    assert cluster.running() == ["n4 web:2 1"]


@pytest.mark.usefixtures("standby")
def test_what_has_its_data_on_the_node_that_it_has_to_leave_wakes_nobody(
    cluster: FakeCluster,
) -> None:
    cluster.converge(project(DB), settings=SETTINGS)
    for name in ("n1", "n2", "n3"):
        cluster.store.overwrite_node(name, NodeRecord(availability="draining"))

    drained = cluster.converge(project(DB), settings=SETTINGS)

    assert (growth(drained), cluster.running()) == ([], ["n1 db:1 1"])


def test_nor_does_what_is_wanted_on_every_node_and_grows_out_of_one(
    cluster: FakeCluster, standby: FakeNode
) -> None:
    standby.cpus = 32
    cluster.converge(project(AGENT), settings=SETTINGS)

    large = project(changed(AGENT, resources=reserved(cpus=16)))

    assert growth(cluster.converge(large, settings=SETTINGS)) == []


def test_a_silent_host_that_stands_by_is_nobodys_trouble(
    cluster: FakeCluster, standby: FakeNode
) -> None:
    standby.answers = False

    assert cluster.converge(webs(12), settings=SETTINGS).exit_code == 0
    assert growth(cluster.converge(webs(13), settings=SETTINGS)) == []


def test_as_many_nodes_are_made_as_are_needed_and_taken_away_when_empty(
    cluster: FakeCluster, team: list[str]
) -> None:
    made = cluster.converge(webs(14), settings=MAKES)

    assert team == ["add 2 for counter/web.13, counter/web.14"]
    assert made.exit_code == 0
    assert {"n4 web:1 13", "n5 web:1 14"} <= set(cluster.running())
    assert {cluster.store.journal.nodes[name].added for name in ("n4", "n5")} == {"made"}

    cluster.converge(webs(13), settings=MAKES)
    cluster.clock.at += 60
    removed = cluster.converge(webs(13), settings=MAKES)

    assert team[1:] == ["remove n5"]
    assert growth(removed) == ["ReleaseNode n5", "RemoveNode n5"]
    assert cluster.store.journal.nodes["n5"].availability == "forgotten"
    assert cluster.catalogue.struck == ["n5"]
    assert (removed.exit_code, removed.nodes) == (0, 4)
    assert not cluster.converge(webs(13), settings=MAKES).changed


@pytest.mark.parametrize(
    ("play", "said"),
    [
        pytest.param("fails", "no quota", id="fails"),
        pytest.param("does nothing", "no new host that `nodes` matches", id="makes-nothing"),
    ],
)
def test_a_playbook_that_makes_nothing_is_said_once_and_not_run_again_at_once(
    cluster: FakeCluster, play: str, said: str
) -> None:
    runs: list[str] = []

    def run(action: AddNodes | RemoveNode) -> None:
        runs.append(action.node)
        if play == "fails":
            raise ActionError("no quota")

    cluster.actuator.on_host = run

    failed = cluster.converge(webs(13), settings=MAKES)
    later = [cluster.converge(webs(13), settings=MAKES) for _ in range(3)]
    cluster.clock.at += MAKES.pool.add_again_after_s
    cluster.converge(webs(13), settings=MAKES)

    assert failed.exit_code == 1
    assert [said in one.message for one in failed.failures] == [True]
    assert [(one.exit_code, one.failures) for one in later] == [(3, ())] * 3
    assert runs == ["a new node"] * 2
    assert sum("web:1" in one for one in cluster.running()) == 12, "all else went on"


def test_nodes_that_turn_out_too_small_do_not_make_a_loop(
    cluster: FakeCluster, team: list[str]
) -> None:
    def shrink() -> None:
        for name in ("n4", "n5"):
            if name in cluster.members:
                cluster.members[name].memory = GIB

    cluster.observer.on_look = shrink

    reports = [cluster.converge(webs(13), settings=MAKES) for _ in range(4)]

    assert len(team) == 1
    assert {one.exit_code for one in reports} == {3}


def test_a_failed_removal_leaves_the_node_drained_and_is_tried_later(
    cluster: FakeCluster, team: list[str]
) -> None:
    cluster.converge(webs(13), settings=MAKES)
    works, cluster.actuator.on_host = cluster.actuator.on_host, _fail
    cluster.converge(webs(12), settings=MAKES)
    cluster.clock.at += 60

    failed = cluster.converge(webs(12), settings=MAKES)
    later = cluster.converge(webs(12), settings=MAKES)
    cluster.actuator.on_host = works
    cluster.clock.at += MAKES.pool.add_again_after_s
    removed = cluster.converge(webs(12), settings=MAKES)

    assert summary_sentence(failed).startswith('Failed at "Release nodes" on localhost')
    assert (later.changed, later.exit_code) == (False, 0)
    assert cluster.store.journal.nodes["n4"].availability == "forgotten"
    assert (team[-1], removed.exit_code) == ("remove n4", 0)


def _fail(_: AddNodes | RemoveNode) -> None:
    raise ActionError("the cloud is away")


@pytest.mark.usefixtures("standby")
def test_what_fails_for_one_project_keeps_no_other_from_its_node(cluster: FakeCluster) -> None:
    bad = project(service(image="nosuch:1"), name="bad")

    report = cluster.converge(bad, webs(13), settings=SETTINGS)

    assert growth(report) == ["WakeNode n4"]
    assert "n4 web:1 13" in cluster.running()


@pytest.mark.usefixtures("standby")
def test_what_is_given_back_can_be_woken_again(cluster: FakeCluster) -> None:
    cluster.converge(webs(13), settings=SETTINGS)
    cluster.converge(webs(12), settings=SETTINGS)
    cluster.clock.at += 60
    cluster.converge(webs(12), settings=SETTINGS)

    assert growth(cluster.converge(webs(13), settings=SETTINGS)) == ["WakeNode n4"]


@pytest.mark.usefixtures("standby")
def test_variables_of_a_host_that_stands_by_count(cluster: FakeCluster) -> None:
    wanted = project(changed(WEB, constraints=(parse_constraint("node.vars.tier == gold"),)))
    cluster.inventory.said = {"n4": {"tier": "gold"}}

    assert growth(cluster.converge(wanted, settings=SETTINGS)) == ["WakeNode n4"]


def test_where_a_person_added_a_host_meanwhile_none_is_ever_taken_away(
    cluster: FakeCluster, team: list[str]
) -> None:
    make = cluster.actuator.on_host

    def play(action: AddNodes | RemoveNode) -> None:
        cluster.members["n9"] = host("n9")
        make(action)

    cluster.actuator.on_host = play

    assert cluster.converge(webs(13), settings=MAKES).exit_code == 0
    cluster.converge(webs(12), settings=MAKES)
    cluster.clock.at += 60

    assert growth(cluster.converge(webs(12), settings=MAKES)) == []
    assert team == ["add 1 for counter/web.13"]
