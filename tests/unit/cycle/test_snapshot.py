"""What was joined can be joined again: a cycle asks some nodes anew, and keeps what the others said."""

from __future__ import annotations

from dataclasses import replace

from orchestrate.cycle.snapshot import see
from orchestrate.model.journal import FailedStart, FailureRecord, NodeRecord
from orchestrate.model.node import Node
from tests.builders import NOW, project
from tests.fake_node import FakeNode
from tests.fakes import FakeCluster
from tests.observed import STOPPED
from tests.unit.cycle.conftest import DB, WEB

FAILED = FailedStart(node="n2", project="counter", service="web", revision="abc", at=NOW)


def test_joining_twice_is_joining_once(cluster: FakeCluster) -> None:
    cluster.converge(project(WEB, DB))
    cluster.members["n4"] = FakeNode(node=Node(name="n4", stands_by=True, runs_containers=False))
    cluster.members["n5"] = FakeNode(node=Node(name="n5", address="192.0.2.5"))
    cluster.members["n6"] = FakeNode(node=Node(name="n6", stands_by=True, runs_containers=False))
    cluster.members["n1"].engine = STOPPED
    cluster.members["n2"].answers = cluster.members["n2"].is_alive = False
    cluster.inventory.removed.add("n3")
    records = {
        "n1": NodeRecord(availability="draining", drained_by=NOW + 9, given_up=("x_data",)),
        "n2": NodeRecord(availability="forgotten", unknown_since=NOW - 9),
        "n3": NodeRecord(way={}),
        "n4": NodeRecord(added="woken", empty_since=NOW),
    }
    for name, record in records.items():
        cluster.store.overwrite_node(name, record)
    failures = FailureRecord(starts=(FAILED,))
    journal = replace(cluster.store.read(), failures=failures)

    once = see(cluster.ports, journal, cluster.observer.look())
    asked = cluster.observer.asked.total()
    twice = see(cluster.ports, journal, (*once.nodes, *once.standby))

    assert {node.name for node in once.nodes} == {"n1", "n2", "n3", "n4", "n5"}
    assert {node.name for node in once.standby} == {"n6"}
    assert twice == once
    assert cluster.observer.asked.total() == asked
