"""A cluster of three nodes in memory, and what is deployed on it."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.node import Node
from orchestrate.model.node_pool import AddNodes, NewNode, PoolAction, RemoveNode
from orchestrate.model.report import CycleReport
from orchestrate.model.spec.project import Project
from tests.builders import GIB, changed, mounted, project, reserved, service, update
from tests.fake_node import FakeNode
from tests.fakes import FakeCluster
from tests.observed import ABSENT
from tests.planning import settings_with

WEB = service(image="web:1", replicas=3, expose=(80,), update=update(order="start-first"))
DB = service(name="db", image="db:1", mounts=mounted())
REGISTRY: dict[str, dict[str, Any]] = {
    f"{name}:{number}": {} for name in ("web", "db", "bad") for number in (1, 2)
}


@pytest.fixture
def cluster() -> FakeCluster:
    """Images named `bad` crash wherever they are started."""
    return FakeCluster(
        {
            name: FakeNode(
                node=Node(name=name, proxies=name == "n1"),
                registry=REGISTRY,
                broken={"bad:1", "bad:2"},
            )
            for name in ("n1", "n2", "n3")
        }
    )


SETTINGS = settings_with(give_back_after_s=60)


MAKES = settings_with(
    give_back_after_s=60,
    max_nodes=5,
    add_node=NewNode(playbook="/srv/add.yml", capacity={"memory": 2 * GIB, "cpus": 2}),
    remove_node="/srv/remove.yml",
)


AGENT = service(name="agent", image="db:1", mode="global")


def webs(count: int) -> Project:
    """The three nodes hold four replicas each."""
    wanted = changed(WEB, replicas=count, resources=reserved(memory=2 * GIB))
    return project(wanted, AGENT)


def host(name: str, **fields: object) -> FakeNode:
    """A bare one, for one replica."""
    known: dict[str, object] = {
        "node": Node(name=name),
        "registry": REGISTRY,
        "memory": 2 * GIB,
        "engine": ABSENT,
        "network": ABSENT,
        "consul": ABSENT,
    }
    return FakeNode(**known | fields)  # type: ignore[arg-type]


@pytest.fixture
def standby(cluster: FakeCluster) -> FakeNode:
    found = host("n4", node=Node(name="n4", runs_containers=False, stands_by=True))
    cluster.members["n4"] = found
    return found


@pytest.fixture
def team(cluster: FakeCluster) -> list[str]:
    """The team's playbooks work; what they were run for."""
    ran: list[str] = []

    def play(action: AddNodes | RemoveNode) -> None:
        match action:
            case AddNodes():
                ran.append(f"add {action.count} for {', '.join(action.needed_by)}")
                for _ in range(action.count):
                    name = f"n{len(cluster.members) + 1}"
                    cluster.members[name] = host(name)
            case RemoveNode():
                ran.append(f"remove {action.node}")
                gone = cluster.members[action.node]
                gone.answers = gone.is_alive = False
                cluster.inventory.removed.add(action.node)

    cluster.actuator.on_host = play
    return ran


def growth(report: CycleReport) -> list[str]:
    """What became of hosts."""
    return [
        f"{type(one).__name__} {one.node}"
        for plan in report.plans
        for one in plan.actions
        if isinstance(one, PoolAction)
    ]
