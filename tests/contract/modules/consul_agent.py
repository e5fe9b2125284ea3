"""A Consul agent of the tests' own: one server, on ports of its own, with its data on disk."""

from __future__ import annotations

import json
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.until import until


@dataclass(slots=True)
class Agent:
    binary: Path
    directory: Path
    port: int
    dns_port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def services(self) -> Path:
        return self.directory / "services"

    def start(self) -> None:
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(self.binary, "agent", "-server", "-bootstrap-expect=1", "-node=contract"),
                    *("-bind=127.0.0.1", "-enable-local-script-checks"),
                    f"-data-dir={self.directory / 'data'}",
                    f"-config-file={self.directory / 'ports.json'}",
                    f"-config-dir={self.services}",
                ],
                stdout=log,
                stderr=log,
            )
        until(self._has_leader, "the agent has a leader")

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def _has_leader(self) -> bool:
        with suppress(OSError):
            return bool(self.ask("/v1/status/leader"))
        return False


@contextmanager
def running_agent(binary: Path, directory: Path) -> Iterator[Agent]:
    http, server, gossip, dns = free_ports(4)
    ports = {"http": http, "server": server, "serf_lan": gossip, "serf_wan": -1, "dns": dns}
    (directory / "services").mkdir()
    (directory / "ports.json").write_text(json.dumps({"ports": ports}))
    agent = Agent(binary, directory, http, dns)
    try:
        agent.start()
        yield agent
    finally:
        agent.stop()


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports
