"""Hosts that are taken out of the inventory, and dead ones that are given up; and both come back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.e2e.commands import Orchestrate
from tests.e2e.conftest import Write, is_spread
from tests.e2e.nodes import Node, Nodes
from tests.e2e.proxies import Stream, visit
from tests.e2e.test_nodes import is_given_up, node_of_redis
from tests.until import until

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("counter")]
Without = Callable[..., str]


@pytest.fixture
def without(orchestrate: Orchestrate, write: Write) -> Without:
    """`without(names)`: the lab's inventory, but for these hosts."""

    def inventory(*names: str) -> str:
        found = yaml.safe_load(Path(orchestrate.inventory).read_text(encoding="utf-8"))
        for name in names:
            del found["all"]["hosts"][name]
        return write("inventory.yml", yaml.safe_dump(found))

    return inventory


def members(witness: Node) -> set[str]:
    """The nodes that Consul's catalogue has, and those that are among its servers."""
    servers = witness.consul("operator/raft/configuration")["Servers"]
    return {one["Node"] for one in [*witness.consul("catalog/nodes"), *servers]}


def voters(witness: Node) -> set[str]:
    """One that has joined has no vote for its first ten seconds."""
    servers = witness.consul("operator/raft/configuration")["Servers"]
    return {one["Node"] for one in servers if one["Voter"]}


def test_a_host_that_is_removed(orchestrate: Orchestrate, nodes: Nodes, without: Without) -> None:
    holder = node_of_redis(orchestrate)
    leader = nodes.leader()  # harder to do without than another
    removed, other = sorted(
        (node for node in nodes if node.name != holder),
        key=lambda node: not leader.startswith(f"{node.address}:"),
    )
    rest = [nodes[holder], other]
    one_host = without(removed.name, other.name)
    refused = orchestrate("converge", "-i", one_host, code=6)
    inventory = without(removed.name)

    foreseen = orchestrate("plan", "-i", inventory, code=2)
    with Stream([node.address for node in rest]) as stream:
        orchestrate("converge", "-i", inventory)

    assert "67% of the nodes that the journal knows are not in this inventory" in refused.err
    assert foreseen.has_line("stop counter/web.", f"{removed.name} is no longer in the inventory")
    assert stream.failed == []
    assert removed.containers() == []
    assert members(other) == {node.name for node in rest}
    assert not removed.is_active("consul")
    assert removed.name not in other.run("cat", "/etc/orchestrate/network.json")
    assert "orch-vx" not in removed.run("ip", "link")
    assert orchestrate("plan", "-i", inventory).out.startswith("Nothing to do")
    shown = [row["node"] for row in orchestrate("nodes", "-i", inventory, "-o", "json").json]
    assert shown == sorted(node.name for node in rest)

    orchestrate("converge")
    orchestrate("rebalance")

    assert is_spread(nodes)
    until(lambda: voters(other) == {node.name for node in nodes}, "it has its vote again")
    assert members(other) == {node.name for node in nodes}


def test_a_dead_node_is_given_up(orchestrate: Orchestrate, nodes: Nodes) -> None:
    holder = node_of_redis(orchestrate)
    others = [node for node in nodes if node.name != holder]
    with nodes.without(holder):
        until(lambda: is_given_up(holder, others[0]), "Consul gives it up", within_s=90)
        foreseen = orchestrate("node", "forget", holder, "--check", code=2)
        forgot = orchestrate("node", "forget", holder, "--yes", code=3)

        assert "the data of counter_data" in foreseen.err
        assert foreseen.has_line("start counter/redis.1"), foreseen.said
        assert forgot.has_line(f"! {holder}: does not answer", "was forgotten"), forgot.said
        assert members(others[0]) == {node.name for node in others}
        assert sum(row["passing"] for row in orchestrate("status", "-o", "json").json) == 4
        counted = visit(others[0].address).number
    nodes.heal()

    returned = orchestrate("converge")

    acts = [line for line in returned.err.splitlines() if f" {holder}: " in line]
    first = [line for line in acts if " stop counter/" in line]
    assert first, returned.said
    assert acts[: len(first)] == first, "nothing is done there before"
    assert any("counter/redis.1" in line for line in first)
    refused = orchestrate("node", "forget", holder, "--yes", code=4)
    assert f"{holder} answers: take it out of the inventory" in refused.err
    current = node_of_redis(orchestrate)
    drained = orchestrate("drain", current, "--check", code=2)
    assert "counter_data" in nodes[holder].volumes(), "the old copy is kept"
    assert drained.has_line("! counter/redis.1", f"its volume data is on {current}"), drained.said
    assert not drained.has_line("start counter/redis.1"), drained.said
    assert len(nodes.containers()) == 4
    assert visit(nodes[holder].address).number == counted + 1
    assert members(others[0]) == {node.name for node in nodes}
