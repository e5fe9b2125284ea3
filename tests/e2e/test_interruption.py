"""A driver that dies, or is told to stop, leaves nothing that the next cycle does not finish."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.e2e.commands import Orchestrate, Running
from tests.e2e.conftest import COUNTER
from tests.e2e.gate import FILE, find_gate, open_gate
from tests.e2e.nodes import Nodes
from tests.e2e.proxies import visit
from tests.until import until

pytestmark = pytest.mark.e2e


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("moment", ["pulling", "creating", "waiting", "configuring"])
def test_the_next_cycle_finishes_a_first_deployment(
    moment: str, orchestrate: Orchestrate, nodes: Nodes
) -> None:
    running = orchestrate.start("deploy", "-f", COUNTER)
    match moment:
        case "pulling":
            running.until_it_says("-> Pull images")
        case "creating":
            running.until_it_says("-> Start")
        case "waiting":
            until(nodes.containers, "a container is there", within_s=60)
        case "configuring":
            running.until_it_says("-> Configure the proxies")
        case _:
            pytest.fail(moment)
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
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_says_so_and_stops(
    number: signal.Signals, orchestrate: Orchestrate, nodes: Nodes
) -> None:
    running = orchestrate.start("deploy", "-f", FILE)
    until(lambda: find_gate(nodes), "the gate's container runs", within_s=60)

    running.process.send_signal(number)

    ended = running.ended()
    assert ended.code == 130, ended.said
    assert "Stopped before the end; run it again to go on from there." in ended.out
    assert "Traceback" not in ended.err
    assert_nothing_goes_on(running, orchestrate, nodes)


@pytest.mark.usefixtures("gate_is_gone")
def test_what_a_killed_driver_began_does_not_go_on(orchestrate: Orchestrate, nodes: Nodes) -> None:
    running = orchestrate.start("deploy", "-f", FILE)
    until(lambda: find_gate(nodes), "the gate's container runs", within_s=60)

    running.kill()

    assert_nothing_goes_on(running, orchestrate, nodes)


def assert_nothing_goes_on(running: Running, orchestrate: Orchestrate, nodes: Nodes) -> None:
    """The call that was at work on a node ends well; the step after it, at the proxies, never comes."""
    open_gate(nodes)
    until(lambda: not running.processes(), "no process of the command is left")
    assert orchestrate("plan", code=2).has_line("configure proxy", "routes changed")
    orchestrate("converge")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_while_it_looks(number: signal.Signals, orchestrate: Orchestrate) -> None:
    running = orchestrate.start("converge")
    until(running.processes, "it is at work")
    until(lambda: len(running.processes()) > 1, "it has begun to look")

    running.process.send_signal(number)

    ended = running.ended()
    assert ended.code == 130, ended.said
    assert ended.err == "Stopped while looking at the nodes; nothing was changed.\n"
