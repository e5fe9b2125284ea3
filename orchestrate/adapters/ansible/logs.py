"""Logs of containers, through the `ssh` that Ansible would run: one connection for each node.

It is listened to for as long as the caller takes lines. When that ends, however it does, so does the
`ssh`, and with its input the program on the node.
"""

from __future__ import annotations

import json
import queue
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, NamedTuple, cast

from orchestrate.adapters.ansible.channel import last_line
from orchestrate.adapters.ansible.node_program import DOCKER_SOCKET, sent
from orchestrate.model.log import LogRequest

_PAUSE_S = 0.05
_NEW = "+"
_WAITING = 10_000
"""Lines that wait to be taken; who sends more is made to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`command` starts Python on the node; `replicas` are the labels of its containers, by their names.

    `words` name whoever is followed when it starts later, as project, service, replica or container; none
    name all.
    """

    command: Sequence[str]
    replicas: Mapping[str, str]
    words: Sequence[str] = ()
    docker_socket: str = DOCKER_SOCKET


class Heard(NamedTuple):
    """A line of a replica, by its label; without one why nothing more is heard of the node."""

    node: str
    replica: str
    text: str


def listen(sources: Mapping[str, Source], request: LogRequest) -> Iterator[Heard]:
    """Lines as they come, those of a container in their order, until every node has ended."""
    heard: queue.Queue[Heard | None] = queue.Queue(_WAITING)
    with ExitStack() as stack:
        for node, source in sources.items():
            stack.enter_context(_listening(node, source, request, heard))
        for _ in range(len(sources)):
            yield from iter(heard.get, None)


@contextmanager
def _listening(
    node: str, source: Source, request: LogRequest, heard: queue.Queue[Heard | None]
) -> Iterator[None]:
    with tempfile.TemporaryFile() as complaints, _started(source.command, complaints) as process:

        def hear() -> None:
            try:
                for one in _lines(node, source, process, complaints):
                    heard.put(one)
            finally:
                heard.put(None)

        thread = threading.Thread(target=hear, daemon=True)
        thread.start()
        stdin = cast("IO[bytes]", process.stdin)
        try:
            with suppress(BrokenPipeError):  # why it has ended is heard of
                stdin.write(_sent(source, request))
                stdin.flush()
            yield
        finally:
            with suppress(BrokenPipeError):
                stdin.close()
            process.kill()
            while thread.is_alive():  # it may wait for a line to be taken
                with suppress(queue.Empty):
                    heard.get(timeout=_PAUSE_S)


def _started(command: Sequence[str], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        start_new_session=True,  # a ^C is for this process
    )


def _sent(source: Source, request: LogRequest) -> bytes:
    since = request.since
    asked = {
        "names": list(source.replicas),
        "words": list(source.words),
        "tail": "all" if request.tail is None else str(request.tail),
        "since": since.timestamp() if isinstance(since, datetime) else None,
        "since_ago_s": since.total_seconds() if isinstance(since, timedelta) else None,
        "follows": request.follows,
        "docker_socket": source.docker_socket,
    }
    return sent("_logs") + json.dumps(asked).encode() + b"\n"


def _lines(
    node: str, source: Source, process: subprocess.Popen[bytes], complaints: IO[bytes]
) -> Iterator[Heard]:
    replicas = list(source.replicas.values())
    for line in cast("IO[bytes]", process.stdout):
        number, _, text = line.decode(errors="replace").rstrip("\n").partition(" ")
        if number == _NEW:
            replicas += _introduced(text)
        elif number.isdecimal() and int(number) < len(replicas):  # a shell may greet before
            yield Heard(node, replicas[int(number)], text)
    if process.wait():
        complaints.seek(0)
        yield Heard(node, "", last_line(complaints.read()) or f"ended with {process.returncode}")


def _introduced(text: str) -> list[str]:
    """The label of whoever has started; nothing where it is a shell that speaks."""
    with suppress(ValueError):
        label = json.loads(text)
        return [label] if isinstance(label, str) else []
    return []
