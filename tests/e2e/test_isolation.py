"""Networks mean what they say: who shares none cannot reach each other, on one node or across nodes."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.nodes import Nodes
from tests.e2e.proxies import get
from tests.e2e.reach import PORT, Replica, reachable, reached_from, replicas_of
from tests.until import until

pytestmark = pytest.mark.e2e
PROJECTS = Path(__file__).parent / "projects"
MEMBERS = {
    "isolation_front": {"isolation/front", "isolation/middle"},
    "isolation_back": {"isolation/middle", "isolation/back", "isolation/keeper", "neighbour/guest"},
    "isolation_sealed": {"isolation/vault", "isolation/keeper"},
    "isolation_default": {"isolation/plain"},
    "neighbour_default": {"neighbour/plain"},
}
DNS = 53
TABLE = ("inet", "orchestrate")
_RESOLVE = (
    "import socket, sys; print(*sorted(a[4][0] for a in socket.getaddrinfo(sys.argv[1], 1, 0, 1)))"
)


@pytest.fixture(scope="module")
def replicas(orchestrate: Orchestrate, nodes: Nodes) -> Iterator[list[Replica]]:
    nodes.heal()
    orchestrate("deploy", "-f", str(PROJECTS / "isolation.yml"))
    orchestrate("deploy", "-f", str(PROJECTS / "neighbour.yml"))
    yield replicas_of(orchestrate, "isolation", "neighbour")
    nodes.heal()
    orchestrate("down", "neighbour")
    orchestrate("down", "isolation")


def allowed(replicas: list[Replica]) -> set[tuple[Replica, Replica]]:
    return {
        (one, other)
        for one in replicas
        for other in replicas
        if one is not other
        and any({one.service, other.service} <= members for members in MEMBERS.values())
    }


def of(replicas: list[Replica], service: str, node: str = "") -> Replica:
    return next(one for one in replicas if one.service == service and node in {"", one.node})


def test_replicas_reach_each_other_exactly_if_they_share_a_network(
    nodes: Nodes, replicas: list[Replica]
) -> None:
    assert reachable(nodes, replicas) == allowed(replicas)


def test_there_is_nothing_more_to_do(orchestrate: Orchestrate, replicas: list[Replica]) -> None:
    assert replicas
    assert orchestrate("plan").out == "Nothing to do: the cluster is as the file says.\n"


def test_nodes_and_proxies_reach_every_replica(nodes: Nodes, replicas: list[Replica]) -> None:
    targets = {f"{one.address}:{PORT}" for one in replicas}

    assert [reached_from(node, targets) for node in nodes] == [targets] * len(list(nodes))
    found = [
        get(node.address, "/", host="isolation.example").status for node in nodes for _ in range(3)
    ]

    assert found == [HTTPStatus.OK] * len(found)


def test_who_is_in_internal_networks_only_has_no_way_out(
    nodes: Nodes, replicas: list[Replica]
) -> None:
    gateways = {name: gateway(nodes, name) for name in ("n1", "n2")}
    outside = {f"{nodes['n3'].address}:22", f"{nodes['n1'].address}:22"}
    names = {f"{address}:{DNS}" for address in gateways.values()}
    vault, keeper = of(replicas, "isolation/vault", "n1"), of(replicas, "isolation/keeper", "n1")

    assert vault.reached(nodes, outside | names) == {f"{gateways['n1']}:{DNS}"}
    assert keeper.reached(nodes, outside) == outside


def gateway(nodes: Nodes, name: str) -> str:
    return (
        nodes[name]
        .run(
            "docker",
            "network",
            "inspect",
            "-f",
            "{{(index .IPAM.Config 0).Gateway}}",
            "orchestrate",
        )
        .strip()
    )


def test_services_are_found_under_their_aliases_and_across_projects(
    nodes: Nodes, replicas: list[Replica]
) -> None:
    backs = sorted(one.address for one in replicas if one.service == "isolation/back")

    def found(asking: str, name: str) -> list[str]:
        one = of(replicas, asking)
        words = ("docker", "exec", one.container, "python3", "-c", _RESOLVE, name)
        return nodes[one.node].run(*words, must=False).split()

    assert sorted(found("isolation/middle", "back")) == backs
    assert sorted(found("isolation/middle", "archive")) == backs
    assert sorted(found("neighbour/guest", "archive.isolation.query.consul")) == backs


def test_a_table_that_was_flushed_is_mended_by_the_next_cycle(
    orchestrate: Orchestrate, nodes: Nodes, replicas: list[Replica]
) -> None:
    nodes["n1"].run("nft", "flush", "chain", *TABLE, "forward")
    nodes["n2"].run("nft", "delete", "table", *TABLE)
    open_, shut = of(replicas, "isolation/back", "n1"), of(replicas, "isolation/front", "n1")
    assert open_.reached(nodes, {f"{shut.address}:{PORT}"}), "the damage is real"

    planned = orchestrate("plan", code=2)
    orchestrate("converge")

    assert planned.has_line("n1: repair network", "is not as recorded"), planned.said
    assert planned.has_line("n2: repair network", "is not as recorded"), planned.said
    assert reachable(nodes, replicas) == allowed(replicas)


def test_a_member_that_a_hand_let_in_is_put_out_again(
    orchestrate: Orchestrate, nodes: Nodes, replicas: list[Replica]
) -> None:
    intruder, target = of(replicas, "neighbour/plain"), of(replicas, "isolation/back", "n1")
    nodes["n1"].shell(
        f'sed -i \'s/"isolation_back": \\[/&"{intruder.address}",/\' /etc/orchestrate/policy.json'
        " && /usr/local/lib/orchestrate/network guard"
    )
    assert intruder.reached(nodes, {f"{target.address}:{PORT}"}), "the damage is real"

    planned = orchestrate("plan", code=2)
    orchestrate("converge")

    assert planned.has_line("isolation_back no longer admits neighbour/plain.1"), planned.said
    assert not intruder.reached(nodes, {f"{target.address}:{PORT}"})


def test_a_node_that_boots_parts_its_replicas_before_they_run(
    orchestrate: Orchestrate, nodes: Nodes, replicas: list[Replica]
) -> None:
    node = nodes["n1"]
    with nodes.without(node.name):
        pass
    nodes.heal()
    until(lambda: len(node.containers()) == len(nodes.running()["n1"]), "its replicas run again")

    orchestrate("converge", code=None)

    order = node.run("systemctl", "show", "-p", "After", "docker.service")
    assert "orchestrate-policy.service" in order
    assert reachable(nodes, replicas) == allowed(replicas)
    assert orchestrate("plan").out.startswith("Nothing to do")


def test_leaving_a_network_ends_what_it_allowed(
    orchestrate: Orchestrate, nodes: Nodes, tmp_path: Path, replicas: list[Replica]
) -> None:
    assert replicas
    text = (PROJECTS / "isolation.yml").read_text(encoding="utf-8")
    file = tmp_path / "compose.yml"
    file.write_text(text.replace("networks: [front, back]", "networks: [front]"), encoding="utf-8")

    orchestrate("deploy", "-f", str(file))

    now = replicas_of(orchestrate, "isolation", "neighbour")
    middle = {one for one in now if one.service == "isolation/middle"}
    pairs = {pair for pair in allowed(now) if not (middle & {*pair} and not front(pair))}
    assert reachable(nodes, now) == pairs


def front(pair: tuple[Replica, Replica]) -> bool:
    return {one.service for one in pair} <= MEMBERS["isolation_front"]
