# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Docker Engine's API over its unix socket: one method for each thing that is asked of it.

The API version is the daemon's own, up to the newest that this code was written for, so that old
and new engines (20.10 and later) are spoken to in a version that they still know.
"""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from typing import Any, BinaryIO, Iterator, Mapping, NamedTuple
from urllib.parse import quote, urlencode

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import UnavailableError
from ansible_collections.orchestrate.cluster.plugins.module_utils._http import (
    Answer,
    Endpoint,
    Request,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._until import until

NEWEST_API = (1, 47)
ANSWER_WITHIN_S = 10.0
# Creating and starting wait for disks, mounts and other containers' starts.
WORK_WITHIN_S = 120.0

_POLL_S = 0.05
_MISSING = 404
_FIRST_ERROR = 400


class EngineError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Version(NamedTuple):
    engine: str
    api: str


class Engine:
    def __init__(self, socket_path: str) -> None:
        self.endpoint = Endpoint(f"Docker Engine at {socket_path}", socket_path, ANSWER_WITHIN_S)
        self._version: Version | None = None

    def version(self) -> Version:
        """Ask once which engine this is; every answer names it in its headers."""
        if self._version is None:
            with self.endpoint.open(Request("GET", "/_ping"), timeout_s=5) as answer:
                api = answer.headers.get("api-version", "")
                server = answer.headers.get("server", "")
            self._version = Version(server.partition("/")[2].partition(" ")[0], _spoken(api))
        return self._version

    def call(self, method: str, path: str, body: Any = None, timeout_s: float | None = None) -> Any:
        return self.answer(self.request(method, path, body), timeout_s)

    def answer(self, request: Request, timeout_s: float | None = None) -> Any:
        content = self._bytes(request, timeout_s)
        return self._decode(request.path, content) if content else None

    def request(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Request:
        return Request(method, f"/v{self.version().api}{path}", body, headers or {})

    def info(self) -> dict:
        return self.call("GET", "/info")

    def containers(self) -> list[dict]:
        return self.call("GET", "/containers/json?all=1")

    def container(self, name: str) -> dict | None:
        return self._find(f"/containers/{quote(name)}/json")

    def image(self, reference: str) -> dict | None:
        return self._find(f"/images/{quote(reference)}/json")

    def images(self) -> list[dict]:
        return self.call("GET", "/images/json")

    def network(self, name: str) -> dict | None:
        return self._find(f"/networks/{quote(name)}")

    def volume(self, name: str) -> dict | None:
        return self._find(f"/volumes/{quote(name)}")

    def volumes(self) -> list[dict]:
        return self.call("GET", "/volumes")["Volumes"] or []

    def create_volume(self, name: str, labels: dict[str, str]) -> None:
        self._work("POST", "/volumes/create", {"Name": name, "Labels": labels})

    def remove_volume(self, name: str) -> None:
        self._work("DELETE", f"/volumes/{quote(name)}")

    def create(self, name: str, body: dict) -> list[str]:
        """Make a container; tells what the engine warns of."""
        path = f"/containers/create?{urlencode({'name': name})}"
        return self.call("POST", path, body, WORK_WITHIN_S)["Warnings"] or []

    def start(self, name: str) -> None:
        self._work("POST", f"/containers/{quote(name)}/start")

    def unpause(self, name: str) -> None:
        self._work("POST", f"/containers/{quote(name)}/unpause")

    def stop(self, name: str, grace_s: int) -> None:
        """Ask it to end, and after the grace make it; the engine answers when it has ended."""
        path = f"/containers/{quote(name)}/stop?t={grace_s}"
        self.call("POST", path, timeout_s=grace_s + WORK_WITHIN_S)

    def remove(self, name: str) -> None:
        """Remove a container, with its unnamed volumes: they are of no use to any other."""
        self._work("DELETE", f"/containers/{quote(name)}?v=1")

    def run_inside(self, name: str, body: dict, timeout_s: float) -> tuple[int, bytes]:
        """Run a command in a container; tells its exit code, and its output in the engine's frames."""
        run = self.prepare_exec(name, body)
        output = self._bytes(self._start_exec(run, has_terminal=False), timeout_s)
        return self.exit_code(run), output

    def prepare_exec(self, name: str, body: dict) -> str:
        """Return the id of the command, which the engine starts when it is attached to."""
        return self.call("POST", f"/containers/{quote(name)}/exec", body)["Id"]

    @contextmanager
    def attach_exec(
        self, run: str, *, has_terminal: bool
    ) -> Iterator[tuple[socket.socket, BinaryIO]]:
        """Start a command: what is sent is its input, what is read its output, in frames or a terminal's."""
        with self._endless(self._start_exec(run, has_terminal=has_terminal)) as answer:
            yield answer.connection, answer.body

    def resize_exec(self, run: str, lines: int, columns: int) -> None:
        self.call("POST", f"/exec/{run}/resize?h={lines}&w={columns}")

    def _start_exec(self, run: str, *, has_terminal: bool) -> Request:
        return self.request("POST", f"/exec/{run}/start", {"Detach": False, "Tty": has_terminal})

    def exit_code(self, run: str) -> int:
        """A command's output ends a moment before the engine knows its code."""
        state = until(
            lambda: self.call("GET", f"/exec/{run}/json"),
            lambda state: not state["Running"],
            within_s=ANSWER_WITHIN_S,
            poll_s=_POLL_S,
        )
        if state["Running"]:
            raise UnavailableError("the command closed its output and does not end")
        return state["ExitCode"]

    @contextmanager
    def stream(self, method: str, path: str) -> Iterator[BinaryIO]:
        """Hand out an answer that goes on for as long as the engine has something to say."""
        with self._endless(self.request(method, path)) as answer:
            yield answer.body

    @contextmanager
    def _endless(self, request: Request) -> Iterator[Answer]:
        with self.endpoint.open(request) as answer:
            if answer.status >= _FIRST_ERROR:
                raise EngineError(answer.status, error_text(answer.body.read()))
            answer.connection.settimeout(None)
            yield answer

    def log(self, name: str, lines: int) -> bytes:
        path = f"/containers/{quote(name)}/logs?stdout=1&stderr=1&tail={lines}"
        return self._bytes(self.request("GET", path))

    def _work(self, method: str, path: str, body: Any = None) -> None:
        self.call(method, path, body, WORK_WITHIN_S)

    def _find(self, path: str) -> dict | None:
        try:
            return self.call("GET", path)
        except EngineError as error:
            if error.status == _MISSING:
                return None
            raise

    def _bytes(self, request: Request, timeout_s: float | None = None) -> bytes:
        status, content = self.endpoint.ask(request, timeout_s)
        if status >= _FIRST_ERROR:
            raise EngineError(status, error_text(content))
        return content

    def _decode(self, path: str, content: bytes) -> Any:
        try:
            return json.loads(content)
        except ValueError as error:
            raise UnavailableError(
                f"{self.endpoint.name} broke off its answer to {path}"
            ) from error


def error_text(content: bytes) -> str:
    try:
        return json.loads(content)["message"]
    except (ValueError, KeyError, TypeError):
        return content.decode(errors="replace").strip() or "the engine gives no reason"


def _spoken(api: str) -> str:
    try:
        major, minor = (int(part) for part in api.split("."))
    except ValueError:
        raise UnavailableError(
            f"what answers is no Docker Engine: its API version is {api!r}"
        ) from None
    return ".".join(str(part) for part in min((major, minor), NEWEST_API))
