"""A node's network cable: the end of its virtual one that is on this machine, switched on or off.

The node keeps its interface, its addresses and its routes, as a host does when somebody trips over
a cable. Taking it out of the network instead would bring it back with an interface of another name.
"""

from __future__ import annotations

import socket

import docker
from docker.errors import ContainerError
from docker.models.containers import Container

from orchestrate.errors import InputError
from orchestrate.lab import labels
from orchestrate.lab.inside import run_inside

_CARRIER = "/sys/class/net/eth0/carrier"
_OTHER_END = "/sys/class/net/eth0/iflink"


def is_plugged(node: Container) -> bool:
    """True if a running node has its network."""
    return _read(node, _CARRIER) == "1"


def plug(node: Container) -> None:
    _switch(node, "up")


def unplug(node: Container) -> None:
    _switch(node, "down")


def _switch(node: Container, state: str) -> None:
    """Plug or unplug in a container with the machine's network: this process may lack the right."""
    interface = socket.if_indextoname(int(_read(node, _OTHER_END)))
    client: docker.DockerClient = node.client
    try:
        client.containers.run(
            node.image.id,
            ["ip", "link", "set", "dev", interface, state],
            network_mode="host",
            cap_add=["NET_ADMIN"],
            labels={labels.LAB: node.labels[labels.LAB]},
            remove=True,
        )
    except ContainerError as error:
        raise InputError(f"{node.name}: cannot switch {interface} {state}: {error}") from error


def _read(node: Container, path: str) -> str:
    return run_inside(node, ["cat", path]).out.decode("ascii").strip()
