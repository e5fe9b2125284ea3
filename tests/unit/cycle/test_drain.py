"""A node is emptied while its replicas go on serving, and filled again when it may be."""

from __future__ import annotations

from orchestrate.model.journal import NodeRecord
from tests.builders import NOW, project
from tests.fakes import FakeCluster
from tests.unit.cycle.conftest import DB, WEB

BOTH = project(WEB, DB)


def test_what_has_its_data_there_stays_until_time_is_over(cluster: FakeCluster) -> None:
    cluster.converge(BOTH)
    cluster.store.overwrite_node("n1", NodeRecord(availability="draining", drained_by=NOW + 60))

    waits = cluster.converge(BOTH)
    cluster.clock.at = NOW + 60
    ends = cluster.converge(BOTH)

    assert (waits.undrained, waits.exit_code) == (("n1",), 3)
    assert (ends.undrained, ends.exit_code) == ((), 3)
    assert cluster.running() == ["n2 web:1 1", "n2 web:1 3", "n3 web:1 2"]


def test_no_moment_without_all_replicas(cluster: FakeCluster) -> None:
    cluster.converge(project(WEB))
    cluster.store.overwrite_node("n1", NodeRecord(availability="draining"))
    counts: list[int] = []
    cluster.actuator.on_action = lambda: counts.append(len({one[-1] for one in cluster.running()}))

    report = cluster.converge(project(WEB))

    assert (report.undrained, report.exit_code) == ((), 0)
    assert counts == [3, 3]


def test_a_node_that_is_used_again_gets_back_what_fits_nowhere_else(cluster: FakeCluster) -> None:
    cluster.converge(BOTH)
    cluster.store.overwrite_node("n1", NodeRecord(availability="draining", drained_by=NOW))
    cluster.converge(BOTH)
    cluster.store.overwrite_node("n1", NodeRecord())

    assert cluster.converge(BOTH).exit_code == 0

    assert "n1 db:1 1" in cluster.running()
