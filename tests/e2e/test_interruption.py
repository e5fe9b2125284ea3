"""A driver that dies, or is told to stop, leaves nothing that the next cycle does not finish."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.conftest import COUNTER
from tests.e2e.gate import FILE, assert_nothing_goes_on, find_gate
from tests.e2e.nodes import Nodes
from tests.e2e.proxies import visit
from tests.until import until

pytestmark = pytest.mark.e2e


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("moment", ["fetching images", "containers come up"])
def test_the_next_cycle_finishes_a_first_deployment(
    moment: str, orchestrate: Orchestrate, nodes: Nodes
) -> None:
    running = orchestrate.start("deploy", "-f", COUNTER)
    if moment == "fetching images":
        running.until_it_says("-> Pull images")
    else:
        until(nodes.containers, "a container is there", within_s=60)
    running.kill()

    orchestrate("converge")

    assert_complete(orchestrate, nodes)


@pytest.mark.usefixtures("empty")
def test_killed_again_and_again(orchestrate: Orchestrate, nodes: Nodes) -> None:
    running = orchestrate.start("deploy", "-f", COUNTER)
    for words in ("-> Pull images", "-> Start", "-> Configure the proxies"):
        running.until_it_says(words)
        running.kill()
        running = orchestrate.start("converge")

    ended = running.ended()

    assert ended.code == 0, ended.said
    assert_complete(orchestrate, nodes)


def assert_complete(orchestrate: Orchestrate, nodes: Nodes) -> None:
    """No duplicate, no orphan, and it counts."""
    names = sorted(found.name.rpartition("-")[0] for found in nodes.containers())
    assert names == ["counter-redis-1", "counter-web-1", "counter-web-2", "counter-web-3"]
    files = {node.name: node.shell("ls /etc/consul.d").split() for node in nodes}
    registered = [name for listed in files.values() for name in listed if "replica-" in name]
    assert len(registered) == len(names), files
    assert orchestrate("plan").out.startswith("Nothing to do")
    assert {visit(address).version for address in nodes.addresses} == {"1"}


@pytest.fixture
def gate_is_gone(orchestrate: Orchestrate, nodes: Nodes) -> Iterator[None]:
    nodes.heal()
    yield
    orchestrate("down", "gate")


@pytest.mark.usefixtures("gate_is_gone")
def test_told_to_stop_it_says_so_and_stops(orchestrate: Orchestrate, nodes: Nodes) -> None:
    running = orchestrate.start("deploy", "-f", FILE)
    until(lambda: find_gate(nodes), "the gate's container runs", within_s=60)

    running.process.send_signal(signal.SIGTERM)

    ended = running.ended()
    assert ended.code == 130, ended.said
    assert "Stopped before the end; run it again to go on from there." in ended.out
    assert "Traceback" not in ended.err
    assert_nothing_goes_on(running, orchestrate, nodes)
    orchestrate("converge")


SIDE_BY_SIDE = {"looking at the nodes", "waiting for ssh to a Consul server"}
"""Either wait may be the one that hears of the signal first."""


def test_told_to_stop_while_it_looks(orchestrate: Orchestrate) -> None:
    running = orchestrate.start("converge")
    until(lambda: len(running.processes()) > 1, "it has begun to look")

    running.process.send_signal(signal.SIGINT)

    ended = running.ended()
    assert ended.code == 130, ended.said
    assert ended.err in {f"Stopped while {doing}; nothing was changed.\n" for doing in SIDE_BY_SIDE}
