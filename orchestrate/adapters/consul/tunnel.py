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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from orchestrate.errors import UnreachableError

LOOPBACK = "127.0.0.1"
CONSUL_PORT = 8500
_PATIENCE_S = 15


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
def tunnel(command: Sequence[str], port: int) -> Iterator[None]:
    """Run `command` until the block ends. UnreachableError with ssh's own words if it does not stand."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*command, "cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            _wait_until_open(process, port, said)
            yield
        finally:
            process.terminate()
            process.communicate()


def _wait_until_open(process: subprocess.Popen[bytes], port: int, said: IO[bytes]) -> None:
    for _ in range(int(_PATIENCE_S / _PAUSE_S)):
        try:
            process.wait(timeout=_PAUSE_S)
        except subprocess.TimeoutExpired:
            if _is_open(port):
                return
        else:
            said.seek(0)
            words = said.read().decode(errors="replace").strip().splitlines()
            raise UnreachableError(words[-1] if words else f"ssh ended with {process.returncode}")
    raise UnreachableError(f"no answer within {_PATIENCE_S} s")


_PAUSE_S = 0.02


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0
