"""Hosts that are taken out of the inventory, or given up, and that come back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from orchestrate.cycle.snapshot import see
from orchestrate.errors import UnreachableError
from orchestrate.model.desired import Desired
from orchestrate.model.plan import Retire, SetPeers, StopReplica
from orchestrate.model.settings import Settings
from orchestrate.planner.reconcile import reconcile
from orchestrate.views.status import node_rows
from tests.builders import project
from tests.fake_actuator import DiedError
from tests.fakes import FakeCluster
from tests.observed import ABSENT, OK, RUNNING, STOPPED
from tests.planning import settings_with
from tests.unit.cycle.conftest import DB, WEB

WEBS = project(WEB)
BOTH = project(WEB, DB)


@pytest.fixture(autouse=True)
def _connected(cluster: FakeCluster) -> None:
    for name, member in cluster.members.items():
        member.peers = frozenset(cluster.members.keys() - {name})
        member.node = replace(member.node, way={"ansible_host": f"192.0.2.{name[1]}"})


def holder_of_db(cluster: FakeCluster) -> str:
    return next(line.split()[0] for line in cluster.running() if " db:1 " in line)


def die(cluster: FakeCluster, name: str) -> None:
    cluster.members[name].answers = cluster.members[name].is_alive = False


def test_how_a_node_is_reached_is_noted_once(cluster: FakeCluster) -> None:
    cluster.converge(WEBS)

    assert cluster.store.journal.nodes["n2"].way == {"ansible_host": "192.0.2.2"}
    before = cluster.store.journal
    cluster.converge(WEBS)
    assert cluster.store.journal.nodes == before.nodes


def test_a_host_that_was_never_a_node_is_not_noted(cluster: FakeCluster) -> None:
    cluster.members["n3"].network = ABSENT

    cluster.converge(WEBS)

    assert "n3" not in cluster.store.journal.nodes


def test_a_removed_host_is_emptied_and_taken_out(cluster: FakeCluster) -> None:
    cluster.converge(WEBS)
    cluster.inventory.removed.add("n3")
    counts: list[int] = []
    cluster.actuator.on_action = lambda: counts.append(len({one[-1] for one in cluster.running()}))

    report = cluster.converge(WEBS)

    assert report.exit_code == 0
    assert set(counts) == {3}
    assert cluster.running() == ["n1 web:1 1", "n1 web:1 3", "n2 web:1 2"]
    gone = cluster.members["n3"]
    assert (gone.consul, gone.network, gone.peers) == (STOPPED, ABSENT, frozenset())
    assert cluster.members["n1"].peers == {"n2"}
    assert (cluster.catalogue.struck, list(cluster.store.journal.nodes)) == (["n3"], ["n1", "n2"])
    again = cluster.converge(WEBS)
    assert (again.plans, again.exit_code) == ((), 0)


def test_its_network_ends_after_all_else(cluster: FakeCluster) -> None:
    cluster.converge(WEBS)
    cluster.inventory.removed.add("n1")  # the proxy

    cluster.converge(WEBS)

    last = cluster.reporter.plans[-1].actions
    assert [(one.node, type(one)) for one in last if not isinstance(one, Retire)] == [
        ("n2", SetPeers),
        ("n3", SetPeers),
    ]
    assert [one.role for one in last if isinstance(one, Retire)] == ["proxy", "consul", "network"]


@pytest.mark.parametrize("actions", range(9))
def test_wherever_that_is_cut_off_it_is_finished_later(cluster: FakeCluster, actions: int) -> None:
    cluster.converge(WEBS)
    cluster.inventory.removed.add("n1")
    cluster.actuator.dies_after = actions

    with suppress(DiedError):
        cluster.converge(WEBS)
    assert cluster.converge(WEBS).exit_code == 0

    assert [line[:2] for line in cluster.running()] == ["n2", "n2", "n3"]
    assert cluster.members["n1"].network == ABSENT
    assert list(cluster.store.journal.nodes) == ["n2", "n3"]


def test_one_that_is_put_back_is_used_again(cluster: FakeCluster) -> None:
    cluster.converge(BOTH)
    holder = holder_of_db(cluster)
    cluster.inventory.removed.add(holder)
    held = cluster.converge(BOTH)

    (why,) = (one.reason for one in held.unmet)
    assert why.startswith(
        f"{holder} is no longer in the inventory; nowhere to go: its volume data is on"
    )
    assert f"switch it off and `orchestrate node forget {holder}`, which gives its data up" in why
    assert cluster.running().count(f"{holder} db:1 1") == 1
    shown = node_rows(
        see(cluster.ports, cluster.store.journal, cluster.observer.look()), Settings()
    )
    assert {row.node: row.availability for row in shown}[holder] == "leaving"
    cluster.inventory.removed.clear()
    assert cluster.converge(BOTH).exit_code == 0
    assert cluster.store.journal.nodes[holder].availability == "active"


def test_data_that_nobody_runs_upon_holds_it_as_well(cluster: FakeCluster) -> None:
    cluster.converge(BOTH)
    holder = holder_of_db(cluster)
    cluster.converge(project(WEB))  # as good as stopped
    cluster.inventory.removed.add(holder)

    report = cluster.converge(BOTH)

    assert not any(" db:1 " in line for line in cluster.running())
    assert [one.subject for one in report.unmet] == [holder, "counter/db.1"]
    assert "volume data of counter/db is on it" in report.unmet[0].reason


def test_a_dead_one_is_replaced_when_lost_and_stays_known(cluster: FakeCluster) -> None:
    cluster.converge(BOTH)
    holder = holder_of_db(cluster)
    cluster.inventory.removed.add(holder)
    die(cluster, holder)

    assert cluster.converge(BOTH).exit_code == 3
    assert cluster.catalogue.struck == []
    cluster.clock.at += 30
    cluster.converge(BOTH)
    report = cluster.converge(BOTH)

    assert "no longer in the inventory, and does not answer (timed out); lost, Consul agrees: " in (
        report.unmet[0].reason
    )
    assert "may be on" in report.unmet[1].reason
    assert holder in cluster.catalogue.struck
    assert holder in cluster.store.journal.nodes
    assert sum(" web:1 " in line for line in cluster.running() if holder not in line) == 3


def test_what_was_given_up_starts_elsewhere_and_gives_way_when_it_returns(
    cluster: FakeCluster,
) -> None:
    cluster.converge(BOTH)
    holder = holder_of_db(cluster)
    die(cluster, holder)
    cluster.converge(BOTH)
    cluster.store.overwrite_node(
        holder, replace(cluster.store.journal.nodes[holder], availability="forgotten")
    )

    report = cluster.converge(BOTH)

    others = [line for line in cluster.running() if holder not in line]
    assert len(others) == 4
    assert [one.reason for one in report.unmet] == [
        "does not answer (timed out), and was forgotten: mend it, or take it out of the inventory"
    ]
    back = cluster.members[holder]
    back.answers = back.is_alive = True
    back.consul, back.network = STOPPED, replace(OK, state="drifted")
    del cluster.reporter.plans[:]

    assert cluster.converge(BOTH).exit_code == 0

    first = cluster.reporter.plans[0].steps[0].actions
    assert {(type(one), one.node) for one in first} == {(StopReplica, holder)}
    assert cluster.running() == others
    assert cluster.store.journal.nodes[holder].availability == "active"


def test_nobody_waits_for_one_that_was_removed_and_forgotten(cluster: FakeCluster) -> None:
    cluster.converge(BOTH)
    holder = holder_of_db(cluster)
    die(cluster, holder)
    cluster.inventory.removed.add(holder)
    cluster.store.overwrite_node(
        holder, replace(cluster.store.journal.nodes[holder], availability="forgotten")
    )

    report = cluster.converge(BOTH)

    assert report.exit_code == 0
    others = [line for line in cluster.running() if holder not in line]
    assert len(others) == 4
    assert not any(holder in member.peers for member in cluster.members.values())

    back = cluster.members[holder]
    back.answers = back.is_alive = True
    back.consul = RUNNING
    cluster.converge(BOTH)

    assert cluster.running() == others
    assert back.network == ABSENT
    assert holder not in cluster.store.journal.nodes


def test_a_host_that_is_renamed_is_left_as_it_is(cluster: FakeCluster) -> None:
    """Its replicas are seen under the new name; under the old one nobody may stop them as doubles."""
    cluster.converge(BOTH)
    before = [line.partition(" ")[2] for line in cluster.running()]
    old = cluster.members["n3"]
    cluster.members["web3"] = replace(old, node=replace(old.node, name="web3"))
    cluster.inventory.removed.add("n3")

    report = cluster.converge(BOTH)

    there = [line for line in cluster.running() if not line.startswith("n3 ")]
    assert sorted(line.partition(" ")[2] for line in there) == sorted(before)
    assert "its host is web3 of the inventory: give it its name back" in report.unmet[0].reason
    assert old.consul == RUNNING
    assert "n3" in cluster.store.journal.nodes


def test_another_inventory_empties_no_cluster(cluster: FakeCluster) -> None:
    cluster.converge(WEBS)
    before = cluster.running(), cluster.store.journal
    cluster.inventory.removed |= {"n2", "n3"}

    with pytest.raises(UnreachableError, match="n2, n3: 67% of the nodes that the journal knows"):
        cluster.converge(WEBS)

    assert (cluster.running(), cluster.store.journal) == before
    observed = see(cluster.ports, cluster.store.journal, cluster.observer.look())
    assert reconcile(Desired(projects=(WEBS,)), observed).steps == ()


def test_removed_hosts_raise_no_suspicion_of_the_controller(cluster: FakeCluster) -> None:
    """One of three is gone for good: of the two that count one is silent, not two of three."""
    cluster.converge(WEBS)
    cluster.inventory.removed.add("n3")
    die(cluster, "n3")
    cluster.members["n2"].answers = False

    assert cluster.converge(WEBS).exit_code == 3


@pytest.mark.parametrize(
    ("alive", "leaves"),
    [
        pytest.param({"n1", "n2", "n3"}, True, id="two-of-two-are-left"),
        pytest.param({"n1", "n3"}, False, id="one-of-two-would-be-no-majority"),
    ],
)
def test_a_server_leaves_a_majority(cluster: FakeCluster, alive: set[str], leaves: bool) -> None:
    for name, member in cluster.members.items():
        member.node = replace(member.node, serves_consul=True)
        member.is_alive = name in alive
    cluster.converge(WEBS)
    cluster.inventory.removed.add("n3")

    report = cluster.converge(WEBS)

    assert (cluster.members["n3"].consul == STOPPED) is leaves
    assert leaves or "Consul needs it: of its other 2 servers 1 are alive" in report.unmet[0].reason


def test_servers_leave_one_after_the_other(cluster: FakeCluster) -> None:
    for member in cluster.members.values():
        member.node = replace(member.node, serves_consul=True)
    cluster.converge(WEBS)
    cluster.inventory.removed |= {"n2", "n3"}

    cluster.converge(WEBS, settings=settings_with(max_unknown_share=1))

    told = [
        [one.node for one in plan.actions if isinstance(one, Retire)]
        for plan in cluster.reporter.plans
    ]
    assert [set(one) for one in told if one] == [{"n2"}]
    cluster.converge(WEBS, settings=settings_with(max_unknown_share=1))
    assert list(cluster.store.journal.nodes) == ["n1"]
