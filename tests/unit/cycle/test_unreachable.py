"""Cycles in which nodes do not answer, or hide what they hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrate.cycle.snapshot import see
from orchestrate.errors import UnreachableError
from orchestrate.model.journal import Journal, NodeRecord
from orchestrate.model.observed.node import ObservedNode
from tests.builders import NOW, project
from tests.fakes import FakeCluster
from tests.observed import STOPPED
from tests.unit.cycle.conftest import WEB


def test_silence_is_noted_and_forgotten(cluster: FakeCluster) -> None:
    cluster.members["n3"].answers = False
    cluster.converge(project(WEB))
    assert replace(cluster.store.journal.nodes["n3"], index=0) == NodeRecord(unknown_since=NOW)

    cluster.clock.at += 5
    cluster.converge(project(WEB))
    assert cluster.store.journal.nodes["n3"].unknown_since == NOW

    cluster.members["n3"].answers = True
    cluster.converge(project(WEB))
    assert cluster.store.journal.nodes["n3"].unknown_since is None


def test_a_lost_node_is_replaced_and_gives_way_when_it_returns(cluster: FakeCluster) -> None:
    cluster.converge(project(WEB))
    member = cluster.members["n3"]
    member.answers = member.is_alive = False

    assert cluster.converge(project(WEB)).exit_code == 3
    assert cluster.running() == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3"]
    cluster.clock.at += 30
    cluster.converge(project(WEB))
    assert cluster.running() == ["n1 web:1 1", "n1 web:1 3", "n2 web:1 2", "n3 web:1 3"]

    member.answers = member.is_alive = True
    assert cluster.converge(project(WEB)).exit_code == 0
    assert cluster.running() == ["n1 web:1 1", "n1 web:1 3", "n2 web:1 2"]


def test_when_most_are_silent_nothing_is_changed_nor_noted(cluster: FakeCluster) -> None:
    for name in ("n2", "n3"):
        cluster.members[name].answers = False

    with pytest.raises(UnreachableError, match="n2, n3: 67% of the nodes do not answer"):
        cluster.converge(project(WEB))

    assert cluster.store.journal == Journal()
    assert cluster.running() == []


def see_one(cluster: FakeCluster, name: str, journal: Journal) -> ObservedNode:
    observed = see(cluster.ports, journal, cluster.observer.look())
    return next(node for node in observed.nodes if node.name == name)


def test_what_is_hidden_is_asked_of_consul(cluster: FakeCluster) -> None:
    cluster.converge(project(WEB))
    for member in cluster.members.values():
        member.engine = STOPPED
    cluster.members["n2"].is_alive = False

    found = see_one(cluster, "n2", Journal())

    assert not found.may_be_alive
    assert [one.slot for one in found.remembered] == [2]


def test_what_a_person_wants_of_a_node_comes_from_the_journal(cluster: FakeCluster) -> None:
    journal = Journal(nodes={"n2": NodeRecord(availability="cordoned", unknown_since=5)})

    found = see_one(cluster, "n2", journal)

    assert (found.record.availability, found.record.unknown_since) == ("cordoned", None)
