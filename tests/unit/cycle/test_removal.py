"""A project that is removed is forgotten when nothing of it can be left on any node, and not before."""

from __future__ import annotations

import pytest

from orchestrate.commands.converge import converge
from orchestrate.commands.down import down
from orchestrate.commands.session import Session
from orchestrate.errors import LockHeldError
from orchestrate.model.journal import NodeRecord
from tests.apps import loaded, near
from tests.fakes import FakeCluster
from tests.observed import STOPPED

FILE = """
name: shop
services:
  web: {image: "web:1", volumes: ["data:/data"], deploy: {replicas: 1}}
volumes: {data: }
"""
GLOBAL = """
name: shop
services:
  web: {image: "web:1", deploy: {mode: global}}
"""


def deployed(cluster: FakeCluster, text: str) -> Session:
    session = near(cluster)
    assert converge(session, loaded(text)).exit_code == 0
    return session


def left(cluster: FakeCluster) -> list[str]:
    return sorted(cluster.store.journal.projects)


def running(cluster: FakeCluster) -> list[str]:
    return [line.split()[0] for line in cluster.running()]


def test_what_is_gone_everywhere_is_forgotten(cluster: FakeCluster) -> None:
    session = deployed(cluster, GLOBAL)

    assert down(session, "shop", purge=False).exit_code == 0

    assert (running(cluster), left(cluster)) == ([], [])


def test_a_limit_does_not_hide_what_still_runs(cluster: FakeCluster) -> None:
    session = deployed(cluster, GLOBAL)
    cluster.members["n2"].answers = False
    assert down(session, "shop", purge=False).exit_code == 3
    cluster.members["n2"].answers = True

    assert converge(near(cluster, limit="n1"), None).exit_code == 0

    assert (running(cluster), left(cluster)) == (["n2"], ["shop"])
    assert converge(session, None).exit_code == 0
    assert (running(cluster), left(cluster)) == ([], [])


def test_volumes_go_when_their_node_is_back(cluster: FakeCluster) -> None:
    session = deployed(cluster, FILE)
    (name,) = running(cluster)
    holder, other = cluster.members[name], next(iter(cluster.members.keys() - {name}))
    holder.answers = False
    down(session, "shop", purge=True)
    holder.answers = True
    converge(near(cluster, limit=other), None)
    assert holder.volumes == {"shop_data": "shop"}

    converge(session, None)

    assert (holder.volumes, left(cluster)) == ({}, [])


def test_an_engine_that_is_down_may_still_have_its_containers(cluster: FakeCluster) -> None:
    session = deployed(cluster, GLOBAL)
    cluster.members["n2"].engine, cluster.members["n2"].unmendable = STOPPED, {"engine"}

    down(session, "shop", purge=False)

    assert left(cluster) == ["shop"]


def test_a_forgotten_node_may_still_have_its_containers(cluster: FakeCluster) -> None:
    session = deployed(cluster, GLOBAL)
    cluster.members["n2"].answers = cluster.members["n2"].is_alive = False
    cluster.store.overwrite_node("n2", NodeRecord(availability="forgotten"))

    down(session, "shop", purge=False)

    assert left(cluster) == ["shop"]


def test_what_fails_for_others_keeps_nothing_in_the_journal(cluster: FakeCluster) -> None:
    session = deployed(cluster, GLOBAL)
    converge(session, loaded(GLOBAL.replace("shop", "other").replace("web:1", "bad:1")))

    assert down(session, "shop", purge=False).exit_code != 0

    assert left(cluster) == ["other"]


def test_a_cycle_that_is_stopped_forgets_nothing(cluster: FakeCluster) -> None:
    session = deployed(cluster, GLOBAL)
    cluster.actuator.cancels = True

    assert down(session, "shop", purge=False).was_stopped

    assert left(cluster) == ["shop"]


def test_a_lost_lock_is_said(cluster: FakeCluster) -> None:
    session = deployed(cluster, GLOBAL)
    cluster.actuator.cancels = cluster.lock.is_gone = True

    with pytest.raises(LockHeldError, match="this cycle lost the lock"):
        down(session, "shop", purge=False)
