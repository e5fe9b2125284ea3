"""The example's web server: counts, says when it cannot, and leaves politely."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[2] / "examples/counter/web/server.py"
DEADLINE_S = 10


class Redis(threading.Thread):
    """Counts what it is asked; `gate` holds its answers back."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.gate = threading.Event()
        self.gate.set()
        self.asked = threading.Event()

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def run(self) -> None:
        for count in range(1, 1000):
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return  # ended
            with connection:
                assert connection.recv(100) == b"INCR visits\r\n"
                self.asked.set()
                self.gate.wait(DEADLINE_S)
                connection.sendall(b":%d\r\n" % count)

    def end(self) -> None:
        """Closing alone would leave it waiting on a descriptor that is soon somebody else's."""
        if self.is_alive():
            self.listener.shutdown(socket.SHUT_RDWR)
            self.join(DEADLINE_S)
        self.listener.close()


@dataclass(frozen=True, slots=True)
class Web:
    port: int
    process: subprocess.Popen[bytes]

    def get(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_S)
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text


@pytest.fixture
def redis() -> Iterator[Redis]:
    redis = Redis()
    redis.start()
    yield redis
    redis.end()


@pytest.fixture
def start() -> Iterator[Callable[[int], Web]]:
    running = []

    def start(redis_port: int) -> Web:
        port = free_port()
        environment = {"PORT": str(port), "REDIS_HOST": "127.0.0.1", "VERSION": "7"}
        environment["REDIS_PORT"] = str(redis_port)
        process = subprocess.Popen(
            [sys.executable, str(SERVER)], env=os.environ | environment, stderr=subprocess.PIPE
        )
        running.append(process)
        wait_until_open(port)
        return Web(port, process)

    yield start
    for process in running:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_until_open(port: int) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        with socket.socket() as connection:
            if connection.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise TimeoutError(f"nothing listens on {port}")


def test_each_visit_counts(redis: Redis, start: Callable[[int], Web]) -> None:
    web = start(redis.port)

    first, second = web.get("/"), web.get("/")

    assert first == (200, f"visit 1, version 7, from {socket.gethostname()}\n")
    assert second[1].startswith("visit 2,")


def test_it_is_healthy_and_says_so_when_it_cannot_count(start: Callable[[int], Web]) -> None:
    web = start(free_port())

    status, text = web.get("/")

    assert status == 503
    assert text.startswith("no count: ")
    assert web.get("/health") == (200, "ok\n")


def test_told_to_stop_it_finishes_what_it_began(redis: Redis, start: Callable[[int], Web]) -> None:
    web = start(redis.port)
    redis.gate.clear()
    answers: list[tuple[int, str]] = []
    visitor = threading.Thread(target=lambda: answers.append(web.get("/")))
    visitor.start()
    assert redis.asked.wait(DEADLINE_S)

    web.process.send_signal(signal.SIGTERM)
    redis.gate.set()
    visitor.join(DEADLINE_S)

    assert [status for status, _ in answers] == [200]
    assert web.process.wait(DEADLINE_S) == 0


def test_a_check_that_hangs_up_leaves_no_traceback(start: Callable[[int], Web]) -> None:
    web = start(free_port())

    hang_up(web.port)

    assert web.get("/health") == (200, "ok\n")
    web.process.send_signal(signal.SIGTERM)
    assert web.process.communicate(timeout=DEADLINE_S)[1] == b""


def hang_up(port: int) -> None:
    """Reset the connection as HAProxy's TCP check does, instead of closing it."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
