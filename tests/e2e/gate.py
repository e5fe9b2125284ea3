"""The project `gate`: its deployment waits until it is let through, so that a test decides how long."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.nodes import Node, Nodes
from tests.until import until

FILE = str(Path(__file__).parent / "projects" / "gate.yml")


def find_gate(nodes: Nodes) -> tuple[Node, str] | None:
    """The node and the container, as soon as it runs."""
    for node, names in nodes.running().items():
        for name in names:
            if name.startswith("gate-web-1-"):
                return nodes[node], name
    return None


def open_gate(nodes: Nodes) -> None:
    node, name = until(lambda: find_gate(nodes), "the gate's container runs")
    node.run("docker", "exec", name, "touch", "/open")
