"""A Docker Engine of our own, for a machine on which none runs.

It keeps its images in the cache directory and the rest in a run directory that goes when it ends.
It outlives the command that started it, and ends with the last lab.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from orchestrate.errors import InputError
from orchestrate.lab import firewall
from orchestrate.lab.paths import cache_directory

RUN_DIRECTORY = Path("/run/orchestrate")
SOCKET = RUN_DIRECTORY / "docker.sock"
LOG = RUN_DIRECTORY / "docker.log"
_PID_FILE = RUN_DIRECTORY / "docker.pid"
_DEADLINE_S = 60
_POLL_S = 0.1


def start() -> None:
    if shutil.which("dockerd") is None:
        raise InputError("no Docker Engine on this machine: install one (`apt install docker.io`)")
    if os.geteuid() != 0:
        raise InputError(
            "no Docker Engine answers here, and starting one takes root: "
            "start Docker, or run this command with sudo"
        )
    RUN_DIRECTORY.mkdir(parents=True, exist_ok=True)
    firewall.remember(RUN_DIRECTORY)
    with LOG.open("ab") as log:
        process = subprocess.Popen(
            _command(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,  # it stays when this command ends, or its terminal closes
        )
    _wait_until_it_listens(process)
    process.returncode = 0  # nobody waits for its end: to Python it would be a child left behind


def stop(*, keep_rules: bool) -> None:
    """End it, and take away what it did to this machine."""
    pid = _running_pid()
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _DEADLINE_S
    while _running_pid() is not None:
        if time.monotonic() > deadline:
            raise InputError(f"dockerd (process {pid}) does not end: see {LOG}")
        time.sleep(_POLL_S)
    if not keep_rules:
        firewall.restore(RUN_DIRECTORY)
    shutil.rmtree(RUN_DIRECTORY, ignore_errors=True)


def holds_containers() -> bool:
    """True if the engine would find containers if it were started."""
    with suppress(OSError):
        return any((_data_directory() / "containers").iterdir())
    return False


def listens(path: Path) -> bool:
    """True if an engine answers at this socket."""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        return True
    return False


def _command() -> list[str]:
    return [
        "dockerd",
        f"--host=unix://{SOCKET}",
        f"--pidfile={_PID_FILE}",
        f"--exec-root={RUN_DIRECTORY / 'exec'}",
        f"--data-root={_data_directory()}",
        "--bridge=none",  # each lab brings its own network
    ]


def _data_directory() -> Path:
    return cache_directory() / "engine"


def _wait_until_it_listens(process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _DEADLINE_S
    while time.monotonic() < deadline and process.poll() is None:
        if listens(SOCKET):
            return
        time.sleep(_POLL_S)
    last_lines = LOG.read_text(errors="replace").splitlines()[-5:]
    raise InputError("\n".join([f"dockerd does not start ({LOG}):", *last_lines]))


def _running_pid() -> int | None:
    with suppress(OSError, ValueError):
        pid = int(_PID_FILE.read_text())
        # A process id comes round again: only a dockerd counts, and one that has not ended yet.
        if b"dockerd" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    return None
