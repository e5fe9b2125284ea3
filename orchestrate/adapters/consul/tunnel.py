"""A way to a Consul agent that listens on its node's loopback only: one `ssh -L` for a cycle's length.

Consul's HTTP API without ACLs lets anyone write who reaches it, so it is never opened to the network
for the controller's sake; whoever may run plays on a server may use its loopback too.

At the other end runs `cat`, whose input is a pipe of ours: when this process is gone, however it went,
the pipe is closed, `cat` ends, and ssh with it.
"""

from __future__ import annotations

import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from orchestrate.adapters.waiting import Wait
from orchestrate.errors import UnreachableError

LOOPBACK = "127.0.0.1"
CONSUL_PORT = 8500
_WITHIN_S = 15
_PAUSE_S = 0.02


def forwarding(port: int) -> list[str]:
    """Options of ssh for a tunnel from a local port, in front of those that lead to the host."""
    return [
        "-T",
        "-o",
        "ExitOnForwardFailure=yes",
        "-o",
        "ConnectTimeout=5",
        "-L",
        f"{LOOPBACK}:{port}:{LOOPBACK}:{CONSUL_PORT}",
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def tunnel(command: Sequence[str], port: int, stopped: threading.Event) -> Iterator[None]:
    """Run `command` until the block ends. UnreachableError with ssh's own words if it does not stand."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*command, "cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            _wait_until_open(process, port, said, stopped)
            yield
        finally:
            process.terminate()
            process.communicate()


class _NotOpenError(UnreachableError):
    """The tunnel is not open; it may be in a moment."""


def _wait_until_open(
    process: subprocess.Popen[bytes], port: int, said: IO[bytes], stopped: threading.Event
) -> None:
    wait = Wait(
        what="ssh to a Consul server",
        within_s=_WITHIN_S,
        every_s=_PAUSE_S,
        pause=stopped.wait,
        so_far="nothing was changed",
    )
    wait.until(lambda: _require_open(process, port, said), on=_NotOpenError)


def _require_open(process: subprocess.Popen[bytes], port: int, said: IO[bytes]) -> None:
    if process.poll() is not None:
        said.seek(0)
        words = said.read().decode(errors="replace").strip().splitlines()
        raise UnreachableError(words[-1] if words else f"ssh ended with {process.returncode}")
    if not _is_open(port):
        raise _NotOpenError(f"no answer within {_WITHIN_S} s")


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0
