"""The Docker Engine that carries the labs: the machine's, or one of our own where none runs.

Our own keeps its images in the cache directory and everything else in a run directory that goes
with it. It outlives the command that started it, and ends with the last lab.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import docker
from docker.errors import DockerException

from orchestrate.errors import InputError
from orchestrate.lab import firewall
from orchestrate.lab.paths import cache_directory

RUN_DIRECTORY = Path("/run/orchestrate")
SOCKET = RUN_DIRECTORY / "docker.sock"
_PID_FILE = RUN_DIRECTORY / "docker.pid"
_LOG_FILE = RUN_DIRECTORY / "docker.log"
_MACHINE_SOCKET = Path("/var/run/docker.sock")
_START_DEADLINE_S = 60
_STOP_DEADLINE_S = 60
_REQUEST_TIMEOUT_S = 600  # importing an image is one request


def find_engine() -> docker.DockerClient | None:
    """The engine that labs are on, or would be; None when none runs."""
    if os.environ.get("DOCKER_HOST"):
        return _connect(os.environ["DOCKER_HOST"])
    for socket in (SOCKET, _MACHINE_SOCKET):
        if client := _connect(f"unix://{socket}"):
            return client
    return None


def find_or_start_engine() -> docker.DockerClient:
    return find_engine() or _start_engine()


def is_own(client: docker.DockerClient) -> bool:
    return bool(client.api.base_url == "http+docker://localhost" and _own_pid() is not None)


def stop_own_engine() -> None:
    """End the engine that we started, and take away what it did to the machine."""
    pid = _own_pid()
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_DEADLINE_S
    while _own_pid() is not None:
        if time.monotonic() > deadline:
            raise InputError(f"dockerd ({pid}) does not stop: see {_LOG_FILE}")
        time.sleep(0.1)
    if not _MACHINE_SOCKET.exists():
        firewall.restore(RUN_DIRECTORY)
    shutil.rmtree(RUN_DIRECTORY, ignore_errors=True)


def _start_engine() -> docker.DockerClient:
    if shutil.which("dockerd") is None:
        raise InputError("no Docker Engine on this machine: install one (`apt install docker.io`)")
    if os.geteuid() != 0:
        raise InputError(
            "no Docker Engine answers here, and starting one takes root: "
            "start Docker and join its group, or run this command with sudo"
        )
    RUN_DIRECTORY.mkdir(parents=True, exist_ok=True)
    firewall.remember(RUN_DIRECTORY)
    with _LOG_FILE.open("ab") as log:
        subprocess.Popen(
            _engine_command(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # it stays when this command ends, and when its terminal closes
        )
    return _wait_for_engine()


def _engine_command() -> list[str]:
    return [
        "dockerd",
        f"--host=unix://{SOCKET}",
        f"--pidfile={_PID_FILE}",
        f"--exec-root={RUN_DIRECTORY / 'exec'}",
        f"--data-root={cache_directory() / 'engine'}",
        "--bridge=none",  # each lab brings its own network
    ]


def _wait_for_engine() -> docker.DockerClient:
    deadline = time.monotonic() + _START_DEADLINE_S
    while time.monotonic() < deadline:
        if client := _connect(f"unix://{SOCKET}"):
            return client
        time.sleep(0.1)
    last_lines = _LOG_FILE.read_text(errors="replace").splitlines()[-5:]
    raise InputError("\n".join([f"dockerd does not start ({_LOG_FILE}):", *last_lines]))


def _connect(address: str) -> docker.DockerClient | None:
    try:
        return docker.DockerClient(base_url=address, version="auto", timeout=_REQUEST_TIMEOUT_S)
    except DockerException:
        return None


def _own_pid() -> int | None:
    """The process id of our engine, if it lives."""
    with suppress(OSError, ValueError):
        pid = int(_PID_FILE.read_text())
        if b"dockerd" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    return None
