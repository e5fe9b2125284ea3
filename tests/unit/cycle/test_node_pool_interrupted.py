"""A cycle that is killed while the node pool is resized."""

from __future__ import annotations

import pytest

from orchestrate.model.node_pool import AddNodes, RemoveNode
from orchestrate.model.settings import Settings
from tests.fake_actuator import DiedError
from tests.fakes import FakeCluster
from tests.unit.cycle.conftest import MAKES, SETTINGS, growth, webs


def kill(cluster: FakeCluster, actions: int, settings: Settings) -> None:
    """A cycle that needs a node more is killed after as many actions."""
    cluster.actuator.dies_after = actions
    with pytest.raises(DiedError):
        cluster.converge(webs(13), settings=settings)


@pytest.mark.parametrize("actions", range(6))
def test_killed_anywhere_nodes_are_made_once_and_known_as_made(
    cluster: FakeCluster, team: list[str], actions: int
) -> None:
    cluster.converge(webs(12), settings=MAKES)
    kill(cluster, actions, MAKES)

    report = cluster.converge(webs(13), settings=MAKES)

    assert (len(team), report.exit_code) == (1, 0)
    assert cluster.store.journal.nodes["n4"].added == "made"
    assert cluster.store.journal.growth.before is None
    assert "n4 web:1 13" in cluster.running()


def test_killed_before_anything_was_made_it_is_not_tried_at_once(cluster: FakeCluster) -> None:
    def die(_: AddNodes | RemoveNode) -> None:
        raise DiedError

    cluster.actuator.on_host = die
    with pytest.raises(DiedError):
        cluster.converge(webs(13), settings=MAKES)

    report = cluster.converge(webs(13), settings=MAKES)

    assert (growth(report), report.exit_code) == ([], 3)
    assert cluster.store.journal.growth.before is None


@pytest.mark.usefixtures("standby")
@pytest.mark.parametrize("actions", range(4))
def test_killed_anywhere_a_host_is_woken_all_the_same(cluster: FakeCluster, actions: int) -> None:
    cluster.converge(webs(12), settings=SETTINGS)
    kill(cluster, actions, SETTINGS)

    assert cluster.converge(webs(13), settings=SETTINGS).exit_code == 0
    assert "n4 web:1 13" in cluster.running()
