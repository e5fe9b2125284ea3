"""One cycle at a time, and no way to be locked out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.commands import Orchestrate, Running
from tests.e2e.gate import FILE, assert_nothing_goes_on, find_gate, open_gate
from tests.e2e.nodes import Nodes
from tests.until import until

pytestmark = pytest.mark.e2e


@pytest.fixture
def holder(orchestrate: Orchestrate, nodes: Nodes) -> Iterator[Running]:
    """A cycle that holds the lock until the gate is opened."""
    nodes.heal()
    if find_gate(nodes):
        orchestrate("down", "gate")
    running = orchestrate.start("deploy", "-f", FILE)
    until(lambda: find_gate(nodes), "the gate's container runs", within_s=60)
    yield running
    orchestrate.kill_what_still_runs()
    open_gate(nodes)
    orchestrate("down", "gate")


def test_two_cycles_at_once(holder: Running, orchestrate: Orchestrate, nodes: Nodes) -> None:
    patient = orchestrate.start("converge", "--lock-wait", "120")

    refused = orchestrate("converge", code=5)
    orchestrate("status")  # looking takes no lock

    assert f"(process {holder.process.pid})" in refused.err
    assert f"orchestrate deploy -f {FILE}" in refused.err
    assert "--lock-wait" in refused.err
    assert len(refused.err.splitlines()) == 1
    assert refused.out == ""
    assert patient.process.poll() is None, "the one that waits, waits"
    open_gate(nodes)
    assert holder.ended().code == 0
    waited = patient.ended()
    assert waited.code == 0, waited.said
    assert waited.out.startswith("Nothing to do")


def test_the_lock_can_be_taken_away(
    holder: Running, orchestrate: Orchestrate, nodes: Nodes
) -> None:
    taken = orchestrate("unlock")

    assert taken.out.startswith("Taken from ")
    assert f"(process {holder.process.pid})" in taken.out
    ended = holder.ended()
    assert ended.code == 5, ended.said
    assert "this cycle lost the lock" in ended.err
    assert orchestrate("unlock").out == "Nobody holds the lock.\n"
    open_gate(nodes)
    orchestrate("converge")


def test_a_killed_holder_blocks_nobody(
    holder: Running, orchestrate: Orchestrate, nodes: Nodes
) -> None:
    holder.kill()

    assert_nothing_goes_on(holder, orchestrate, nodes)
    orchestrate("converge")

    gates = [found for found in nodes.containers() if found.name.startswith("gate-")]
    assert len(gates) == 1
