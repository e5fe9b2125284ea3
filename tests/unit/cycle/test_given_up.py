"""Data that was given up with its node, and is still on the node's disk when that comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrate.commands.converge import converge
from orchestrate.commands.forget import forgotten
from orchestrate.commands.session import Session
from orchestrate.model.journal import NodeRecord
from tests.apps import loaded, near
from tests.builders import NOW, project
from tests.fakes import FakeCluster
from tests.observed import ABSENT, OK, RUNNING, STOPPED
from tests.unit.cycle.conftest import DB, WEB

FILE = """
name: counter
services:
  db: {image: "db:1", volumes: ["data:/data"]}
volumes: {data: }
"""
BOTH = project(WEB, DB)
RECORD = NodeRecord(given_up=("counter_data",), given_up_at=NOW)


@pytest.fixture
def session(cluster: FakeCluster) -> Session:
    """One that has deployed a database, on n1, which has then died."""
    session = near(cluster)
    converge(session, loaded(FILE))
    assert cluster.running() == ["n1 db:1 1"]
    cluster.members["n1"].answers = cluster.members["n1"].is_alive = False
    return session


def revive(cluster: FakeCluster) -> None:
    cluster.members["n1"].answers = cluster.members["n1"].is_alive = True


def mark(cluster: FakeCluster, name: str, **fields: Any) -> None:
    cluster.store.overwrite_node(
        name, replace(cluster.store.journal.nodes.get(name, NodeRecord()), **fields)
    )


def test_it_is_written_down(cluster: FakeCluster, session: Session) -> None:
    forgotten(session, "n1")

    record = cluster.store.journal.nodes["n1"]
    assert record.availability == "forgotten"
    assert (record.given_up, record.given_up_at) == (("counter_data",), NOW)


def test_what_was_given_up_before_stays_so(cluster: FakeCluster, session: Session) -> None:
    mark(cluster, "n1", given_up=("counter_notes",), given_up_at=5)

    forgotten(session, "n1")
    cluster.clock.at += 60
    forgotten(session, "n1")

    record = cluster.store.journal.nodes["n1"]
    assert record.given_up == ("counter_data", "counter_notes")
    assert record.given_up_at == NOW, "the second time there was no more to give up"


def test_the_newer_data_counts_when_the_node_is_back(
    cluster: FakeCluster, session: Session
) -> None:
    forgotten(session, "n1")
    assert cluster.running() == ["n1 db:1 1", "n2 db:1 1"]
    revive(cluster)

    assert converge(session, None).exit_code == 0

    assert cluster.running() == ["n2 db:1 1"]
    assert cluster.members["n1"].volumes == {"counter_data": "counter"}
    record = cluster.store.journal.nodes["n1"]
    assert (record.availability, record.given_up) == ("active", ("counter_data",))

    mark(cluster, "n2", availability="draining")
    drained = converge(session, None)

    assert cluster.running() == ["n2 db:1 1"]
    (why,) = drained.unmet
    assert why.reason.endswith("nowhere to go: its volume data is on n2")


def test_a_host_that_is_put_back_still_has_its_old_copy(
    cluster: FakeCluster, session: Session
) -> None:
    """It was taken out, forgotten, seen alive once more, and so left the cluster in good order."""
    mark(cluster, "n1", way={})
    cluster.inventory.removed.add("n1")
    forgotten(session, "n1")
    revive(cluster)
    converge(session, None)
    assert cluster.members["n1"].network == ABSENT

    cluster.inventory.removed.clear()
    converge(session, None)
    cluster.members["n1"].consul, cluster.members["n1"].network = RUNNING, OK
    revive(cluster)
    mark(cluster, "n2", availability="draining")
    converge(session, None)

    assert cluster.running() == ["n2 db:1 1"]


def test_when_both_were_given_up_the_one_that_is_back_goes_on(
    cluster: FakeCluster, session: Session
) -> None:
    forgotten(session, "n1")
    revive(cluster)
    converge(session, None)
    cluster.members["n2"].answers = cluster.members["n2"].is_alive = False

    forgotten(session, "n2")

    assert cluster.running() == ["n1 db:1 1", "n2 db:1 1"]


def test_a_volume_that_is_removed_is_given_up_no_longer(cluster: FakeCluster) -> None:
    cluster.store.overwrite_node("n3", RECORD)

    cluster.converge(BOTH)

    record = cluster.store.journal.nodes["n3"]
    assert (record.given_up, record.given_up_at) == ((), None)


def test_a_container_that_goes_on_with_it_makes_it_count_again(cluster: FakeCluster) -> None:
    cluster.converge(project(DB))
    mark(cluster, "n1", given_up=("counter_data",), given_up_at=NOW)
    cluster.converge(project(DB))
    assert cluster.store.journal.nodes["n1"].given_up == ("counter_data",), (
        "it held the data before"
    )

    there = cluster.members["n1"].containers
    for name, one in there.items():
        there[name] = replace(one, created_at="2027-01-15T08:00:01.000000001Z")
    cluster.converge(project(DB))

    record = cluster.store.journal.nodes["n1"]
    assert (record.given_up, record.given_up_at) == ((), None)


@pytest.mark.parametrize("trouble", ["silent", "engine"])
def test_what_cannot_be_read_is_as_it_was(cluster: FakeCluster, trouble: str) -> None:
    member = cluster.members["n3"]
    if trouble == "silent":
        member.answers = False
    else:
        member.engine, member.unmendable = STOPPED, {"engine"}
    cluster.store.overwrite_node("n3", RECORD)

    cluster.converge(BOTH)

    record = cluster.store.journal.nodes["n3"]
    assert (record.given_up, record.given_up_at) == (("counter_data",), NOW)
