# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions to the local services over HTTP/1.0.

A module pays for its imports on every run, and http.client alone costs more than all the questions
that a module asks. HTTP/1.0 makes it dispensable: the server ends its answer by closing the
connection, so there is nothing to decode.
"""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from typing import Any, BinaryIO, Iterator, Mapping, NamedTuple

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import (
    NotRunningError,
    UnavailableError,
)


class Request(NamedTuple):
    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = {}

    def encode(self) -> bytes:
        body = b"" if self.body is None else json.dumps(self.body).encode()
        head = (
            f"{self.method} {self.path} HTTP/1.0",
            "Host: localhost",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        )
        return "\r\n".join((*head, "", "")).encode() + body


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: BinaryIO
    connection: socket.socket


class Endpoint:
    """Where a service listens: the path of a unix socket, or a host and a port."""

    def __init__(self, name: str, address: str | tuple[str, int], timeout_s: float) -> None:
        self.name = name
        self.address = address
        self.timeout_s = timeout_s

    @contextmanager
    def open(self, request: Request, timeout_s: float | None = None) -> Iterator[Answer]:
        """Ask, and hand out the answer with its body still to be read."""
        try:
            with socket.socket(self._family()) as connection:
                connection.settimeout(timeout_s or self.timeout_s)
                connection.connect(self.address)
                connection.sendall(request.encode())
                with connection.makefile("rb") as stream:
                    yield _read_head(stream, connection)
        except (ConnectionRefusedError, FileNotFoundError) as error:
            raise NotRunningError(f"{self.name} does not run: {error.strerror}") from error
        except (OSError, ValueError) as error:
            question = f"{request.method} {request.path.partition('?')[0]}"
            raise UnavailableError(f"{self.name} does not answer {question}: {error}") from error

    def ask(self, request: Request, timeout_s: float | None = None) -> tuple[int, bytes]:
        with self.open(request, timeout_s) as answer:
            return answer.status, answer.body.read()

    def _family(self) -> socket.AddressFamily:
        return socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET


def _read_head(stream: BinaryIO, connection: socket.socket) -> Answer:
    version, _, status = stream.readline().decode("latin-1").partition(" ")
    if not version.startswith("HTTP/"):
        raise ValueError("it closed the connection, or does not speak HTTP")
    headers = {}
    for line in iter(lambda: stream.readline().strip(), b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return Answer(int(status[:3]), headers, stream, connection)
