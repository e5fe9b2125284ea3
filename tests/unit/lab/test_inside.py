"""Commands in a lab's node: what an engine answers in one piece is read whole."""

from __future__ import annotations

import json
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from typing import Any

import docker
import pytest
from docker.errors import APIError
from docker.models.containers import Container

from orchestrate.lab.inside import Ended, run_inside


def frame(stream: int, data: bytes) -> bytes:
    return struct.pack(">BxxxL", stream, len(data)) + data


class Engine(BaseHTTPRequestHandler):
    """Answers as Docker does; head and body leave together, as they do where it is busy."""

    protocol_version = "HTTP/1.1"
    polls = 0

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        words = json.loads(self.rfile.read(size)).get("Cmd")
        if self.path.endswith("/exec"):
            self._answer(
                404 if words == ["gone"] else 201,
                json.dumps({"Id": "e1", "message": "no"}).encode(),
            )
            return
        body = frame(1, b"a\n") + frame(2, b"oh\n") + frame(1, b"b\n")
        is_upgrade = self.headers.get("Connection") == "Upgrade"
        head = b"HTTP/1.1 101 UPGRADED\r\n\r\n" if is_upgrade else b"HTTP/1.1 200 OK\r\n\r\n"
        self.wfile.write(head + body)
        self.close_connection = True

    def do_GET(self) -> None:
        """Its code is known at the second question."""
        type(self).polls += 1
        state = {"Running": self.polls < 2, "ExitCode": 3 if self.polls >= 2 else None}
        self._answer(200, json.dumps(state).encode())

    def _answer(self, status: int, body: bytes) -> None:
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    def log_message(self, *_: Any) -> None:
        pass

    def address_string(self) -> str:
        return "engine"


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Container]:
    Engine.polls = 0
    with ThreadingUnixStreamServer(str(tmp_path / "engine"), Engine) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = docker.DockerClient(base_url=f"unix://{tmp_path}/engine", version="1.41")
        yield Container({"Id": "c1", "Name": "/n1"}, client)
        client.close()
        server.shutdown()


def test_output_that_comes_with_the_head_is_not_lost(node: Container) -> None:
    assert run_inside(node, ["cat"]) == Ended(3, b"a\nb\n", b"oh\n")


def test_what_cannot_be_run_is_an_error(node: Container) -> None:
    with pytest.raises(APIError, match="no"):
        run_inside(node, ["gone"])


def test_the_library_loses_it(node: Container) -> None:
    """Should this fail, the library has been mended, and `run_inside` can go."""
    assert node.exec_run(["cat"], demux=True).output != (b"a\nb\n", b"oh\n")
