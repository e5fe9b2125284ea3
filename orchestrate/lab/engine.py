"""The Docker Engine that carries the labs: the machine's, or one of our own where none runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.errors import DockerException

from orchestrate.errors import InputError
from orchestrate.lab import own_engine

_UNIX = "unix://"
_MACHINE_SOCKET = Path("/var/run/docker.sock")
_MACHINE_ADDRESS = f"{_UNIX}{_MACHINE_SOCKET}"
_OWN_ADDRESS = f"{_UNIX}{own_engine.SOCKET}"
_REQUEST_TIMEOUT_S = 600  # importing an image is one request


@dataclass(frozen=True, slots=True)
class Engine:
    client: docker.DockerClient
    address: str
    is_own: bool


def find_engine() -> Engine | None:
    """The engine that labs are on, or would be; None when none answers.

    Our own comes before the machine's: it runs only while there are labs on it.
    """
    if address := os.environ.get("DOCKER_HOST"):
        engine = _connect(address)
        if engine is None:
            raise InputError(f"DOCKER_HOST={address}: no Docker Engine answers there")
        return engine
    engine = _connect(_OWN_ADDRESS) or _connect(_MACHINE_ADDRESS)
    if engine is None:
        _refuse_if_forbidden()
    return engine


def find_or_start_engine() -> Engine:
    if engine := find_engine():
        return engine
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


def _refuse_if_forbidden() -> None:
    for socket in (own_engine.SOCKET, _MACHINE_SOCKET):
        if socket.is_socket() and not os.access(socket, os.W_OK):
            raise InputError(
                f"you may not use the Docker Engine of this machine ({socket}): "
                "join the group docker, or run this command with sudo"
            )


def _connect(address: str) -> Engine | None:
    if address.startswith(_UNIX) and not own_engine.listens(Path(address.removeprefix(_UNIX))):
        return None  # a client that finds nobody there would leave its sockets open
    try:
        client = docker.DockerClient(base_url=address, version="auto", timeout=_REQUEST_TIMEOUT_S)
    except DockerException:
        return None
    return Engine(client, address, is_own=address == _OWN_ADDRESS)
