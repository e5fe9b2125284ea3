"""A port on the proxies leads to the replicas that Consul names, and no change of them reloads HAProxy."""

from __future__ import annotations

import shutil
import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from orchestrate.lab.consul_binary import ensure_consul_binary
from tests.contract.modules.consul_agent import Agent, free_ports, running_agent
from tests.haproxy import render
from tests.until import until

pytestmark = [
    pytest.mark.contract,
    pytest.mark.skipif(not shutil.which("haproxy"), reason="haproxy is not installed"),
]
NAME = "shop--db"
WITHIN_S = 3.0


class Silence:
    def step(self, _text: str) -> nullcontext[None]:
        return nullcontext()


class Answer(socketserver.BaseRequestHandler):
    """Says its own address, and waits for the other side."""

    def handle(self) -> None:
        address, _ = self.request.getsockname()
        self.request.sendall(f"{address}\n".encode())
        self.request.recv(1)


@dataclass(slots=True)
class Replicas:
    """They listen on one port, each on an address of its own, and are registered with another port."""

    agent: Agent
    port: int
    servers: dict[str, socketserver.ThreadingTCPServer] = field(default_factory=dict)

    def start(self, address: str) -> None:
        server = socketserver.ThreadingTCPServer((address, self.port), Answer)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.servers[address] = server
        check = {"CheckID": address, "TTL": "10m", "Status": "passing"}
        body = {"ID": address, "Name": NAME, "Address": address, "Port": 1, "Check": check}
        self.agent.ask("/v1/agent/service/register", "PUT", body)

    def say(self, address: str, status: str) -> None:
        self.agent.ask(f"/v1/agent/check/{status}/{address}", "PUT")

    def stop(self, address: str) -> None:
        server = self.servers.pop(address)
        server.shutdown()
        server.server_close()


@dataclass(frozen=True, slots=True)
class Proxy:
    process: subprocess.Popen[bytes]
    port: int

    def answer(self) -> str:
        """Who answered; nothing when the connection was refused or closed. A silence is an error."""
        with suppress(ConnectionError):
            address = ("127.0.0.1", self.port)
            with closing(socket.create_connection(address, timeout=WITHIN_S)) as connection:
                return connection.recv(100).decode().strip()
        return ""

    def answers(self) -> set[str]:
        return {self.answer() for _ in range(6)}


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    binary = ensure_consul_binary(Silence()).path
    with running_agent(binary, tmp_path_factory.mktemp("consul")) as agent:
        yield agent


@pytest.fixture
def replicas(agent: Agent) -> Iterator[Replicas]:
    (port,) = free_ports(1)
    replicas = Replicas(agent, port)
    yield replicas
    for address in list(replicas.servers):
        replicas.stop(address)
    for listed in agent.ask("/v1/agent/services"):
        agent.ask(f"/v1/agent/service/deregister/{listed}", "PUT")


@pytest.fixture
def proxy(agent: Agent, replicas: Replicas, tmp_path: Path) -> Iterator[Proxy]:
    (port,) = free_ports(1)
    published = {
        "name": "shop/db",
        "consul_service": NAME,
        "address": "127.0.0.1",
        "published": port,
        "target": replicas.port,
    }
    (requests,) = free_ports(1)
    text = render(
        {
            "proxy_dns_address": "127.0.0.1",
            "proxy_bind_port": requests,
            "proxy_ports": [published],
        }
    )
    places = {"/run/haproxy": str(tmp_path), "@127.0.0.1:53": f"@127.0.0.1:{agent.dns_port}"}
    for place, here in places.items():
        text = text.replace(place, here)
    with running_proxy(text, tmp_path) as process:
        yield Proxy(process, port)


@contextmanager
def running_proxy(text: str, directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    (directory / "servers").touch()
    configuration = directory / "haproxy.cfg"
    configuration.write_text(text, encoding="utf-8")
    with ExitStack() as stack:
        log = stack.enter_context((directory / "log").open("wb"))
        command = ["haproxy", "-db", "-f", str(configuration)]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        stack.callback(process.wait)
        stack.callback(process.kill)
        yield process


def test_it_leads_to_those_that_are_passing(replicas: Replicas, proxy: Proxy) -> None:
    one, other = "127.0.0.2", "127.0.0.3"
    replicas.start(one)
    until(lambda: proxy.answers() == {one}, "the first replica answers")
    replicas.start(other)
    until(lambda: proxy.answers() == {one, other}, "both answer")
    replicas.say(one, "fail")
    until(lambda: proxy.answers() == {other}, "the one that is passing answers")
    replicas.say(one, "pass")
    until(lambda: proxy.answers() == {one, other}, "both answer again")

    assert proxy.process.poll() is None, "it is the same HAProxy, which was never reloaded"


def test_nobody_hangs_where_no_replica_is(replicas: Replicas, proxy: Proxy) -> None:
    until(lambda: _listens(proxy), "HAProxy listens")
    began = time.monotonic()
    assert proxy.answer() == ""
    assert time.monotonic() - began < WITHIN_S

    replicas.start("127.0.0.2")
    until(lambda: proxy.answers() == {"127.0.0.2"}, "it answers")
    replicas.stop("127.0.0.2")
    replicas.say("127.0.0.2", "fail")
    until(lambda: proxy.answers() == {""}, "connections are closed")


def _listens(proxy: Proxy) -> bool:
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", proxy.port), timeout=1).close()
        return True
    return False
