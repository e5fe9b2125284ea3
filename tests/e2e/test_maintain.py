"""Nodes are worked upon, one after the other, and rebooted, while requests go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.nodes import Nodes
from tests.e2e.proxies import Stream, visit
from tests.e2e.test_nodes import node_of_redis

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("deployed")]
Write = Callable[[str, str], str]
_UP_SINCE = ("systemctl", "show", "--property=UserspaceTimestamp")


@pytest.fixture(autouse=True)
def used_again(orchestrate: Orchestrate) -> Iterator[None]:
    yield
    orchestrate("uncordon", "all")


def test_a_reboot_of_node_after_node(orchestrate: Orchestrate, nodes: Nodes) -> None:
    """The one with the data comes last: without that, only what asks for no number is answered."""
    holder = node_of_redis(orchestrate)
    others = [node for node in nodes if node.name != holder]
    before = {node.name: node.run(*_UP_SINCE) for node in nodes}

    with Stream([nodes[holder].address], rate=10) as counted:
        ran = orchestrate("maintain", "-l", f"all:!{holder}", "--reboot")
    with Stream([others[0].address], rate=10, path="/health") as answered:
        last = orchestrate("maintain", "-l", holder, "--reboot")

    assert (counted.failed, answered.failed) == ([], [])
    assert ran.out == f"2 nodes done: {others[0].name}, {others[1].name}.\n"
    assert last.out == f"1 node done: {holder}.\n"
    assert all(node.run(*_UP_SINCE) != before[node.name] for node in nodes), "each booted again"
    assert sum(row["passing"] for row in orchestrate("status", "-o", "json").json) == 4
    assert orchestrate("plan").out.startswith("Nothing to do")


def test_work_that_fails(orchestrate: Orchestrate, nodes: Nodes, write: Write) -> None:
    """The node stays as the work left it, for a person to look at; the next one is not begun."""
    first, *others = [node.name for node in nodes]
    counted = visit(nodes.addresses[0]).number

    ran = orchestrate("maintain", "-l", "all", "--playbook", write("patch.yml", _PATCH), code=1)
    shown = {row["node"]: row["availability"] for row in orchestrate("nodes", "-o", "json").json}
    emptied = nodes.running()[first]
    orchestrate("uncordon", first)
    orchestrate("converge")

    assert f"{first} stays drained" in ran.err
    assert '"Patch" failed: no space left' in ran.err
    assert f"not begun: {', '.join(others)}" in ran.err
    assert shown == {first: "draining"} | dict.fromkeys(others, "active")
    assert emptied == []
    assert visit(nodes.addresses[0]).number == counted + 1


_PATCH = """
- hosts: all
  gather_facts: false
  tasks:
    - name: Patch
      ansible.builtin.fail:
        msg: no space left
"""
