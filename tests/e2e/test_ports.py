"""Ports on the proxies: who answers at them, and files that cannot have theirs."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.nodes import Nodes
from tests.until import until

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("store")]
FILE = Path(__file__).parent / "projects" / "ports.yml"
PORT, AT_ONE_ADDRESS = 16379, 16380
OTHER = """
name: other
x-store: &store {image: "registry.lab:5000/redis:1"}
services:
  taken: {<<: *store, ports: ["16379:6379"]}
  sshd: {<<: *store, ports: ["22:6379"]}
  elsewhere: {<<: *store, ports: ["192.0.2.1:9:6379"]}
"""
_WITHIN_S = 10
Write = Callable[[str, str], str]


@pytest.fixture(scope="module")
def store(
    orchestrate: Orchestrate, nodes: Nodes, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    nodes.heal()
    text = FILE.read_text(encoding="utf-8").replace("${ADDRESS:?}", nodes["n2"].address)
    file = tmp_path_factory.mktemp("ports") / "compose.yml"
    file.write_text(text, encoding="utf-8")
    orchestrate("deploy", "-f", str(file))
    yield
    nodes.heal()
    orchestrate("down", "ports")


def ping(address: str, port: int) -> bool:
    """Does a store answer? False when the connection is refused or closed; silence is an error."""
    try:
        with closing(socket.create_connection((address, port), timeout=_WITHIN_S)) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(100) == b"+PONG\r\n"
    except ConnectionError:
        return False


def who_answers(nodes: Nodes, port: int) -> list[str]:
    return [node.name for node in nodes if ping(node.address, port)]


def test_every_proxy_answers_or_the_one_that_has_the_address(
    orchestrate: Orchestrate, nodes: Nodes
) -> None:
    until(lambda: who_answers(nodes, PORT) == ["n1", "n2", "n3"], "all answer", within_s=5)
    assert who_answers(nodes, AT_ONE_ADDRESS) == ["n2"]
    (row,) = [row for row in orchestrate("status", "-o", "json").json if row["project"] == "ports"]
    address = nodes["n2"].address
    assert [(port["address"], port["published"], port["target"]) for port in row["ports"]] == [
        ("", PORT, 6379),
        (address, AT_ONE_ADDRESS, 6379),
    ]


def test_while_nothing_runs_connections_are_closed(orchestrate: Orchestrate, nodes: Nodes) -> None:
    (row,) = [
        row for row in orchestrate("ps", "-o", "json").json if row["replica"] == "ports/store.1"
    ]
    nodes[row["node"]].run("docker", "stop", "--time=1", row["container"])
    until(lambda: who_answers(nodes, PORT) == [], "every connection is closed")

    orchestrate("converge")

    until(lambda: who_answers(nodes, PORT) == ["n1", "n2", "n3"], "all answer again")


def test_a_file_that_cannot_have_its_ports_is_refused(
    write: Write, orchestrate: Orchestrate, nodes: Nodes
) -> None:
    before = nodes.containers()

    ran = orchestrate("deploy", "-f", write("other.yml", OTHER), code=4)

    assert ran.has_line("other/taken: port 16379", "ports/store publishes it too")
    assert ran.has_line("other/sshd: port 22", "another program listens there on n1")
    assert ran.has_line("other/elsewhere: port 192.0.2.1:9", "no proxy has the address")
    assert "nothing was changed" in ran.err
    assert nodes.containers() == before
