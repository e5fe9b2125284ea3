"""Nodes that do not answer: unreachable is not dead, dead is replaced, and who returns gives way."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.nodes import Node, Nodes
from tests.e2e.proxies import get
from tests.until import until

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("counter")]
Write = Callable[[str, str], str]


@pytest.fixture
def settings(write: Write) -> str:
    return write("orchestrate.yml", "lost_after: 3\n")


def test_a_dead_node(settings: str, orchestrate: Orchestrate, nodes: Nodes) -> None:
    holder = node_of_redis(orchestrate)
    others = [node for node in nodes if node.name != holder]
    before = containers_of(others)

    with nodes.without(holder):
        held = orchestrate("converge", "--settings", settings, code=3)

        assert held.has_line(f"! {holder}: does not answer"), held.said
        assert f"Nothing done, but {holder}: does not answer" in held.out
        assert containers_of(others) == before

        until(lambda: is_given_up(holder, others[0]), "Consul gives it up", within_s=90)
        moved = orchestrate("converge", "--settings", settings, code=3)

        # Whether its catalogue still tells Consul's side of it decides between two sentences.
        assert moved.has_line(f"! {holder}: does not answer", "lost, Consul agrees"), moved.said
        assert moved.has_line("start counter/web.", holder, "is lost"), moved.said
        assert moved.has_line("counter/redis.1: its volume data", f"on {holder}"), moved.said
        shown = {row["service"]: row for row in orchestrate("status", "-o", "json").json}
        assert (shown["web"]["passing"], shown["redis"]["passing"]) == (3, 0)
        assert shown["web"]["nodes"] == [node.name for node in others]
        assert before <= containers_of(others), "what ran elsewhere was left alone"
        assert [get(node.address, "/health").status for node in others] == [200, 200]
        states = {row["node"]: row["status"] for row in nodes_shown(orchestrate, settings)}
        assert states[holder] == "down"
        assert orchestrate("logs", code=6).has_line(f"{holder}: ")
        words = ("maintain", "-l", others[0].name, "--reboot", "--timeout", "0")
        refused = orchestrate(*words, "--settings", settings, code=3)
        assert refused.has_line(
            f"{others[0].name} was not begun: Consul cannot do without it: {holder} is not alive"
        ), refused.said
    nodes.heal()
    until(lambda: nodes[holder].is_active("docker"), "its engine runs again")

    returned = orchestrate("converge", "--settings", settings)

    assert returned.has_line("stop counter/web.", "another container holds its slot"), returned.said
    assert len(nodes.containers()) == 4
    assert orchestrate("plan", "--settings", settings).out.startswith("Nothing to do")
    until(lambda: get(nodes[holder].address).status == HTTPStatus.OK, "it counts again")


def nodes_shown(orchestrate: Orchestrate, settings: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = orchestrate("nodes", "--settings", settings, "-o", "json").json
    return rows


def node_of_redis(orchestrate: Orchestrate) -> str:
    rows = orchestrate("ps", "-o", "json").json
    return next(str(row["node"]) for row in rows if row["replica"] == "counter/redis.1")


def containers_of(some: list[Node]) -> set[object]:
    return {found for node in some for found in node.containers()}


def is_given_up(name: str, witness: Node) -> bool:
    """Not as long as Consul elects another leader, and so tells nothing."""
    checks = witness.consul(f"health/node/{name}", must=False) or ()
    return any(one["CheckID"] == "serfHealth" and one["Status"] == "critical" for one in checks)


def test_a_node_that_is_cut_off(orchestrate: Orchestrate, nodes: Nodes) -> None:
    before = nodes.containers()
    holder = node_of_redis(orchestrate)
    cut_off = next(node.name for node in nodes if node.name != holder)

    with nodes.without(cut_off, "partition"):
        held = orchestrate("converge", code=3)

        assert held.has_line(f"! {cut_off}: does not answer"), held.said
        assert nodes.containers() == before
    nodes.heal()

    assert orchestrate("converge").out.startswith("Nothing to do")
    assert nodes.containers() == before


def test_most_nodes_silent(settings: str, orchestrate: Orchestrate, nodes: Nodes) -> None:
    """Their SSH is cut, not they: Consul answers, and the doubt falls on the controller."""
    before, journal = nodes.containers(), nodes.journal()
    _, *silenced = nodes
    rule = ("INPUT", "-p", "tcp", "--dport", "22", "-j", "REJECT", "--reject-with", "tcp-reset")
    for node in silenced:
        node.run("iptables", "-I", *rule)
    try:
        ran = orchestrate("converge", "--settings", settings, code=6)
    finally:
        for node in silenced:
            node.run("iptables", "-D", *rule)

    assert "67% of the nodes do not answer" in ran.err
    assert "nothing was changed" in ran.err
    assert nodes.containers() == before
    assert nodes.journal() == journal
    assert orchestrate("converge").out.startswith("Nothing to do")
