"""The project `gate`: its deployment waits until it is let through, so that a test decides how long."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.commands import Orchestrate, Running
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


def assert_nothing_goes_on(running: Running, orchestrate: Orchestrate, nodes: Nodes) -> None:
    """The call that was at work on a node ends well; the step after it, at the proxies, never comes."""
    open_gate(nodes)
    until(lambda: not running.processes(), "no process of the command is left")
    assert orchestrate("plan", code=2).has_line("configure proxy", "routes changed")
