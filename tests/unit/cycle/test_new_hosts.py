"""A host that is new in the inventory becomes a node in the next cycle, and is used in the same one."""

from __future__ import annotations

import pytest

from orchestrate.model.journal import NodeRecord
from orchestrate.model.node import Node
from orchestrate.model.plan import Provision
from orchestrate.views.summary import summary_sentence
from tests.builders import changed, project
from tests.fake_actuator import DiedError
from tests.fake_node import FakeNode
from tests.fakes import FakeCluster
from tests.observed import ABSENT
from tests.unit.cycle.conftest import REGISTRY, WEB

FIVE = project(changed(WEB, replicas=5, max_replicas_per_node=1))


@pytest.fixture
def bare(cluster: FakeCluster) -> FakeNode:
    """n4, which nobody has provisioned."""
    found = FakeNode(
        node=Node(name="n4"),
        registry=REGISTRY,
        engine=ABSENT,
        network=ABSENT,
        consul=ABSENT,
        proxy=ABSENT,
    )
    cluster.members["n4"] = found
    return found


def provisioned(cluster: FakeCluster) -> list[str]:
    """The nodes that plans were to provision, one after the other."""
    return [
        one.node
        for plan in cluster.reporter.plans
        for one in plan.actions
        if isinstance(one, Provision)
    ]


@pytest.mark.usefixtures("bare")
def test_it_is_provisioned_first_and_takes_its_share(cluster: FakeCluster) -> None:
    report = cluster.converge(project(changed(WEB, replicas=4)))

    assert [type(action) for action in report.plans[0].actions] == [Provision]
    assert cluster.running() == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3", "n4 web:1 4"]
    assert (provisioned(cluster), report.exit_code) == (["n4"], 0)
    assert not cluster.converge(project(changed(WEB, replicas=4))).changed


def test_one_that_cannot_be_provisioned_keeps_nobody_waiting(
    cluster: FakeCluster, bare: FakeNode
) -> None:
    bare.unmendable = {"provision"}

    report = cluster.converge(FIVE)
    again = cluster.converge(FIVE)

    assert cluster.running() == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3"]
    assert summary_sentence(report).startswith('Failed at "Provision n4, then plan anew" on n4;')
    assert provisioned(cluster) == ["n4", "n4"], "once in each cycle"
    assert [one.subject for one in again.unmet][:1] == ["n4"]
    assert again.exit_code == 1


def test_one_that_still_lacks_something_does_not_either(
    cluster: FakeCluster, bare: FakeNode
) -> None:
    def lose() -> None:
        bare.engine = ABSENT

    cluster.observer.on_look = lose

    report = cluster.converge(FIVE)

    assert provisioned(cluster) == ["n4"]
    assert cluster.running() == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3"]
    assert ("n4", "not provisioned (Docker Engine missing): run `orchestrate provision`") in {
        (one.subject, one.reason) for one in report.unmet
    }


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("actions", range(3))
def test_killed_anywhere_the_next_cycle_goes_on(cluster: FakeCluster, actions: int) -> None:
    cluster.actuator.dies_after = actions
    with pytest.raises(DiedError):
        cluster.converge(project(changed(WEB, replicas=4)))

    assert cluster.converge(project(changed(WEB, replicas=4))).exit_code == 0
    assert "n4 web:1 4" in cluster.running()


@pytest.mark.usefixtures("bare")
def test_one_that_a_person_has_taken_out_is_left_alone(cluster: FakeCluster) -> None:
    cluster.store.overwrite_node("n4", NodeRecord(availability="draining"))

    cluster.converge(project(WEB))

    assert provisioned(cluster) == []


@pytest.mark.usefixtures("bare")
def test_none_is_provisioned_that_may_not_be_changed(cluster: FakeCluster) -> None:
    cluster.converge(project(WEB), limit=frozenset({"n1", "n2", "n3"}))

    assert provisioned(cluster) == []
    assert cluster.running() == ["n1 web:1 1", "n2 web:1 2", "n3 web:1 3"]
