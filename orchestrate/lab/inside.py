"""Commands inside a node, through the engine that carries it, whatever the node's network does.

Not by the library's `exec_run`: that reads the head of the engine's answer through a buffer, goes on
below the buffer, and so loses the output that came along with the head, which a busy machine shows.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import requests
from docker.errors import create_api_error_from_http_exception
from docker.models.containers import Container

from orchestrate.errors import InputError

_HEAD = struct.Struct(">BxxxL")  # of a frame: its stream, and how many bytes of it follow
_OUT, _ERR = 1, 2
_CODE_WITHIN_S = 10
_POLL_S = 0.01


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: bytes
    err: bytes


def run_inside(node: Container, words: Sequence[str], user: str = "") -> Ended:
    """Run a command until it ends, however long that takes; `APIError` where it cannot be run."""
    api = node.client.api
    run = api.exec_create(node.id, list(words), user=user)["Id"]
    start = f"{api.base_url}/v{api.api_version}/exec/{run}/start"
    answer = api.post(start, json={"Detach": False, "Tty": False}, timeout=None)
    try:
        answer.raise_for_status()
    except requests.HTTPError as error:
        raise create_api_error_from_http_exception(error) from error
    frames = list(_split(answer.content))
    said = (b"".join(data for stream, data in frames if stream == of) for of in (_OUT, _ERR))
    return Ended(_exit_code(node, run), *said)


def _split(answer: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(answer):
        stream, size = _HEAD.unpack_from(answer, at)
        at += _HEAD.size
        yield stream, answer[at : at + size]
        at += size


def _exit_code(node: Container, run: str) -> int:
    """A command's output ends a moment before the engine knows its code."""
    deadline = time.monotonic() + _CODE_WITHIN_S
    while time.monotonic() < deadline:
        state = node.client.api.exec_inspect(run)
        if not state["Running"]:
            return int(state["ExitCode"])
        time.sleep(_POLL_S)
    raise InputError(f"{node.name}: a command closed its output and does not end")
