"""A Docker Engine on a socket of its own, which knows what `replica-health`, `logs` and `exec` ask for."""

from __future__ import annotations

import json
import re
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Labels = Mapping[str, str]
OUT, ERR = 1, 2


def frame(stream: int, text: bytes) -> bytes:
    return struct.pack(">BxxxL", stream, len(text)) + text


@dataclass(slots=True, kw_only=True)
class FakeContainer:
    """`logs` are what each start of it logs, in frames; one that is `held` goes on, but says nothing."""

    logs: Sequence[bytes] = ()
    labels: Labels = field(default_factory=dict)
    has_terminal: bool = False
    held: bool = False
    status: str = "Up 1 second"


class FakeEngine(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True

    def __init__(self, socket: Path, containers: Mapping[str, FakeContainer]) -> None:
        super().__init__(str(socket), _Answers)
        self.path = str(socket)
        self.containers = containers
        self.started: Sequence[str] = ()
        """The containers whose start it tells to those who follow."""
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.bodies: list[Any] = []
        self.ended = threading.Event()
        self._starts = dict.fromkeys(containers, 0)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Take it that whoever asked has gone."""

    def log_of(self, name: str) -> bytes:
        """The log up to and including its next start."""
        self._starts[name] += 1
        return b"".join(self.containers[name].logs[: self._starts[name]])

    def questions(self, part: str) -> list[dict[str, str]]:
        return [query for path, query in self.asked if part in path]


@contextmanager
def fake_engine(
    directory: Path, containers: Mapping[str, FakeContainer] | None = None, started: Any = ()
) -> Iterator[FakeEngine]:
    with FakeEngine(directory / "docker.sock", containers or {}) as engine:
        engine.started = started
        thread = threading.Thread(target=engine.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield engine
        finally:
            engine.ended.set()
            engine.shutdown()
            thread.join()


class _Answers(BaseHTTPRequestHandler):
    server: FakeEngine

    def do_GET(self) -> None:
        path = self._note()
        match path:
            case ["_ping"]:
                self._answer(b"OK")
            case ["containers", "json"]:
                self._answer(json.dumps(self._listed()).encode())
            case ["events"]:
                self._head()
                for name in self.server.started:
                    self.wfile.write(json.dumps(self._event(name)).encode() + b"\n")
                self.server.ended.wait()
            case ["containers", name, _] if name not in self.server.containers:
                self._answer(b'{"message": "No such container: x"}', 404)
            case ["containers", name, "json"]:
                has_terminal = self.server.containers[name].has_terminal
                self._answer(json.dumps({"Config": {"Tty": has_terminal}}).encode())
            case ["containers", name, "logs"]:
                self._answer(self.server.log_of(name))
                if self.server.containers[name].held:
                    self.server.ended.wait()
            case ["exec", _, "json"]:
                self._answer(b'{"Running": false, "ExitCode": 7}')
            case _:
                self._answer(b'{"message": "page not found"}', 404)

    def do_POST(self) -> None:
        path = self._note()
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        self.server.bodies.append(body)
        match path:
            case ["containers", name, "exec"] if name in self.server.containers:
                self._answer(b'{"Id": "run"}', 201)
            case ["containers", *_]:
                self._answer(b'{"message": "No such container: x"}', 404)
            case ["exec", _, "start"]:
                self._run(has_terminal=body["Tty"])
            case _:
                self._answer(b"")

    def _run(self, *, has_terminal: bool) -> None:
        """A command that shouts what it reads, and says how much that was."""
        self._head()
        count = 0
        for line in iter(self.rfile.readline, b""):
            count += len(line)
            self.wfile.write(line.upper() if has_terminal else frame(OUT, line.upper()))
            if has_terminal:
                return
        self.wfile.write(frame(ERR, b"%d bytes\n" % count))

    def _note(self) -> list[str]:
        url = urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        path = parts[1:] if parts[0].startswith("v1.") else parts
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.server.asked.append(("/".join(path), query))
        return path

    def _listed(self) -> list[dict[str, Any]]:
        filters = json.loads(parse_qs(urlsplit(self.path).query)["filters"][0])
        return [
            {
                "Names": [f"/{name}"],
                "Labels": container.labels,
                "State": "running",
                "Status": container.status,
            }
            for name, container in self.server.containers.items()
            if re.search(filters.get("name", [""])[0], f"/{name}")
            and ("health" not in filters or "unhealthy" not in container.status)
        ]

    def _event(self, name: str) -> dict[str, Any]:
        return {"Actor": {"Attributes": {"name": name, **self.server.containers[name].labels}}}

    def _head(self, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Api-Version", "1.41")
        self.end_headers()

    def _answer(self, body: bytes, status: int = 200) -> None:
        self._head(status)
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def address_string(self) -> str:
        return "here"
