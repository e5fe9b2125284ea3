"""The Docker Engine that carries the labs: the machine's, or one of our own where none runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import DockerException

from orchestrate.errors import InputError
from orchestrate.lab import own_engine

_MACHINE_SOCKET = Path("/var/run/docker.sock")
_MACHINE_ADDRESS = f"unix://{_MACHINE_SOCKET}"
_REQUEST_TIMEOUT_S = 600  # importing an image is one request


@dataclass(frozen=True, slots=True)
class Engine:
    client: docker.DockerClient
    address: str
    is_own: bool = False


def find_engine() -> Engine | None:
    """The engine that labs are on, or would be; None when none answers.

    Our own comes before the machine's: it runs only while there are labs on it.
    """
    if address := os.environ.get("DOCKER_HOST"):
        engine = _connect(address)
        if engine is None:
            raise InputError(f"DOCKER_HOST={address}: no Docker Engine answers there")
        return engine
    return _connect(f"unix://{own_engine.SOCKET}", is_own=True) or _connect(_MACHINE_ADDRESS)


def find_or_start_engine() -> Engine:
    if engine := find_engine():
        return engine
    if _MACHINE_SOCKET.is_socket() and not os.access(_MACHINE_SOCKET, os.W_OK):
        raise InputError(
            f"you may not use this machine's Docker Engine ({_MACHINE_SOCKET}): "
            "join the group docker, or run this command with sudo"
        )
    own_engine.start()
    if engine := find_engine():
        return engine
    raise InputError(f"the Docker Engine that was just started is gone: see {own_engine.LOG}")


def wake_engine() -> Engine | None:
    """Like `find_engine`; after a restart of the machine, the own engine that still holds labs."""
    return find_engine() or (find_or_start_engine() if own_engine.holds_containers() else None)


def release_engine(engine: Engine) -> None:
    """Stop it if it is ours and carries nothing; for when the last lab has gone."""
    if engine.is_own and not engine.client.containers.list(all=True):
        engine.client.close()
        # Two engines share the names of their chains: the machine's, started since, keeps them.
        own_engine.stop(keep_rules=_connect(_MACHINE_ADDRESS) is not None)


def _connect(address: str, *, is_own: bool = False) -> Engine | None:
    try:
        client = docker.DockerClient(base_url=address, version="auto", timeout=_REQUEST_TIMEOUT_S)
    except DockerException:
        return None
    return Engine(client, address, is_own)


def _refuse(message: str) -> Engine:
    raise InputError(message)
