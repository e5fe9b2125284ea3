"""Consul's HTTP API on a loopback port, as far as reaching it and its lock goes; it answers what it is told."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LEADER = "192.0.2.1:8300"


@dataclass(slots=True)
class FakeConsul:
    """`leaders`: one answer for each look, the last for all that follow. `fails`: reads that find no quorum.

    `answers_renewals`: while it is not set, no renewal of a session is answered; None: all are.
    """

    leaders: list[str] = field(default_factory=lambda: [LEADER])
    fails: int = 0
    is_held: bool = False
    looks: int = 0
    ended: list[str] = field(default_factory=list)
    asked_for_lock: threading.Event = field(default_factory=threading.Event)
    looked: threading.Event = field(default_factory=threading.Event)
    answers_renewals: threading.Event | None = None
    renewals: int = 0
    connections: int = 0
    address: str = ""

    def answer(self, method: str, path: str) -> tuple[int, object]:
        match method, path.removeprefix("/v1/").split("?")[0]:
            case "GET", "status/leader":
                return 200, self._leader()
            case "GET", "kv/orchestrate/":
                return self._consistently()
            case "PUT", "kv/orchestrate/lock":
                self.asked_for_lock.set()
                return 200, not self.is_held
            case "GET", "kv/orchestrate/lock":
                return 404, ""
            case "PUT", "session/create":
                return 200, {"ID": "ours"}
            case "PUT", other if other.startswith("session/renew/"):
                return self._renewed()
            case "PUT", other if other.startswith("session/destroy/"):
                self.ended.append(other.rpartition("/")[2])
                return 200, True
            case _:
                return 404, ""

    def _leader(self) -> str:
        self.looks += 1
        self.looked.set()
        return self.leaders.pop(0) if len(self.leaders) > 1 else self.leaders[0]

    def _renewed(self) -> tuple[int, object]:
        self.renewals += 1
        if self.answers_renewals is not None:
            self.answers_renewals.wait()
        return 200, [{"ID": "ours"}]

    def _consistently(self) -> tuple[int, object]:
        if self.fails:
            self.fails -= 1
            return 500, "no cluster leader"
        return 404, ""


@contextmanager
def serving(consul: FakeConsul, port: int = 0) -> Iterator[FakeConsul]:
    """Until the block ends; then its connections are closed, too."""
    connections: list[socket.socket] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            consul.connections += 1
            connections.append(self.request)
            super().setup()

        def do_GET(self) -> None:
            self._respond("GET")

        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._respond("PUT")

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

        def _respond(self, method: str) -> None:
            status, said = consul.answer(method, self.path)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Consul-Index", "1")
            self.end_headers()
            with suppress(ConnectionError):  # nobody waits for the answer any more
                self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        consul.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield consul
        finally:
            server.shutdown()
            for connection in connections:
                with suppress(OSError):  # the other end has closed it
                    connection.shutdown(socket.SHUT_RDWR)
