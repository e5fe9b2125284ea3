"""The channel lane to nodes: what a play would ask of them, through `ssh` alone.

It saves the start of an Ansible process, and on each node that of an Ansible module. Where it does not
work as expected nothing is concluded from that: such a host is left to the play lane, whose words are
Ansible's own. Only that ssh finds no way to a host is taken for what it is.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, NamedTuple, cast

from orchestrate.adapters.ansible.node_program import sent
from orchestrate.adapters.waiting import Wait
from orchestrate.errors import StoppedError

WHILE_LOOKING = "Stopped while looking at the nodes; nothing was changed."
_NO_WAY = 255
"""What ssh ends with when it is ssh that fails."""
_PAUSE_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`command` starts Python on the host; `parameters` are those of `node_info`."""

    command: Sequence[str]
    parameters: Mapping[str, Any]


class Answer(NamedTuple):
    """`node` is what the host says of itself, or `silence` what ssh says of it; neither: ask a play."""

    node: Mapping[str, Any] | None = None
    silence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Asks so many hosts at once, each for so long; `is_cancelled` ends all of it."""

    at_once: int
    within_s: float
    is_cancelled: Callable[[], bool]

    def ask(self, requests: Mapping[str, Request]) -> Mapping[str, Answer]:
        """The answers by host. StoppedError when it was cancelled meanwhile."""
        if not requests:
            return {}
        with ThreadPoolExecutor(min(self.at_once, len(requests))) as pool:
            answers = dict(zip(requests, pool.map(self._asked, requests.values()), strict=True))
        if self.is_cancelled():
            raise StoppedError(WHILE_LOOKING)
        return answers

    def _asked(self, request: Request) -> Answer:
        try:
            process = subprocess.Popen(
                request.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # a ^C is for this process, which knows what it means
            )
        except OSError:
            return Answer()
        with process:
            _send(process, sent("_channel") + json.dumps(request.parameters).encode())
            said, complaint = self._heard(process)
        if process.returncode == _NO_WAY:
            return Answer(silence=last_line(complaint) or "no answer")
        return _read(said) if process.returncode == 0 else Answer()

    def _heard(self, process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
        wait = Wait(
            what="an answer",
            within_s=self.within_s,
            every_s=0,  # it waits while it reads
            pause=lambda _: self.is_cancelled(),
        )
        try:
            return wait.until(
                lambda: process.communicate(timeout=_PAUSE_S), on=subprocess.TimeoutExpired
            )
        except (subprocess.TimeoutExpired, StoppedError):
            process.kill()
            return b"", b""


def _send(process: subprocess.Popen[bytes], question: bytes) -> None:
    """Send the question in a thread of its own: communicate() never sends the rest after its timeout."""
    stdin, process.stdin = cast("IO[bytes]", process.stdin), None

    def send() -> None:
        with suppress(BrokenPipeError), stdin:
            stdin.write(question)

    threading.Thread(target=send, daemon=True).start()


def _read(said: bytes) -> Answer:
    """The last line: a shell may greet before."""
    try:
        node = json.loads(said.splitlines()[-1])
    except (ValueError, IndexError):
        return Answer()
    return Answer(node=node) if isinstance(node, dict) else Answer()


def last_line(text: bytes) -> str:
    """Return the last line, in which ssh gives the reason."""
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else ""
