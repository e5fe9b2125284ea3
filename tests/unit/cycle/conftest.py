"""A cluster of three nodes in memory, and what is deployed on it."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.node import Node
from tests.builders import mounted, service, update
from tests.fake_node import FakeNode
from tests.fakes import FakeCluster

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
