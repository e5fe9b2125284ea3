"""A node is emptied under requests, and used again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.conftest import is_spread
from tests.e2e.nodes import Nodes
from tests.e2e.proxies import Stream, visit
from tests.e2e.test_nodes import node_of_redis

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def used_again(orchestrate: Orchestrate) -> Iterator[None]:
    yield
    orchestrate("uncordon", "all")


@pytest.mark.usefixtures("counter")
def test_a_drain_under_requests(orchestrate: Orchestrate, nodes: Nodes) -> None:
    holder = node_of_redis(orchestrate)
    drained = next(node for node in nodes if node.name != holder)

    foreseen = orchestrate("drain", drained.name, "--check", code=2)
    with Stream(nodes.addresses) as stream:
        orchestrate("drain", drained.name)

    assert foreseen.has_line("stop counter/web.", f"{drained.name} is being drained")
    assert stream.failed == []
    assert nodes.running()[drained.name] == []
    assert sum(row["passing"] for row in orchestrate("status", "-o", "json").json) == 4
    shown = {row["node"]: row for row in orchestrate("nodes", "-o", "json").json}
    assert shown[drained.name]["availability"] == "draining"
    assert orchestrate("plan").out.startswith("Nothing to do")

    orchestrate("uncordon", drained.name)
    with Stream(nodes.addresses) as stream:
        ran = orchestrate("rebalance")

    assert stream.failed == []
    assert ran.has_line("start counter/web.", f"rebalance: {drained.name} has less to do")
    assert len([line for line in ran.err.splitlines() if " start counter/" in line]) == 1
    assert is_spread(nodes)


@pytest.mark.usefixtures("deployed")
def test_what_has_its_data_there(orchestrate: Orchestrate, nodes: Nodes) -> None:
    holder = node_of_redis(orchestrate)
    counted = visit(nodes.addresses[0]).number

    waits = orchestrate("drain", holder, code=3)
    ends = orchestrate("drain", holder, "--deadline", "0", code=3)
    emptied = nodes.running()[holder]
    orchestrate("uncordon", holder)
    orchestrate("converge")

    assert waits.has_line("! counter/redis.1", f"its volume data is on {holder}"), waits.said
    assert ends.has_line("stop counter/redis.1", "its deadline has passed"), ends.said
    assert emptied == []
    assert visit(nodes.addresses[0]).number == counted + 1
