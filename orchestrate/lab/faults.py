"""Faults of hosts: they die, return, freeze, and lose their network.

Each is idempotent; what comes back is the same node, with its disk, its address and its host key.
"""

from __future__ import annotations

from docker.models.containers import Container

from orchestrate.errors import InputError
from orchestrate.lab import cable
from orchestrate.lab.nodes import address_of, name_of, state_of
from orchestrate.lab.ssh import wait_for_sshd


def kill(node: Container) -> None:
    """Like pulling the plug: no process gets to say goodbye."""
    if state_of(node) != "stopped":
        node.kill()


def start(node: Container) -> None:
    """Switch it on, cable plugged in, and wait until it lets people in."""
    if state_of(node) == "stopped":
        node.start()
        wait_for_sshd(name_of(node), address_of(node))


def pause(node: Container) -> None:
    """Freeze every process on it: connections stay open and nothing answers."""
    if state_of(node) == "stopped":
        raise _not_running(node, "orchestrate lab start")
    if state_of(node) != "paused":
        node.pause()


def unpause(node: Container) -> None:
    if state_of(node) == "paused":
        node.unpause()


def partition(node: Container) -> None:
    """Unplug its network: it runs on, and neither side hears of the other."""
    match state_of(node):
        case "running":
            cable.unplug(node)
        case "stopped":
            raise _not_running(node, "orchestrate lab start")
        case "paused":
            raise _not_running(node, "orchestrate lab unpause")
        case "partitioned":
            pass


def heal(node: Container) -> None:
    if state_of(node) == "partitioned":
        cable.plug(node)


def revive(node: Container) -> None:
    """Undo whatever was done to it; does not wait until it has booted."""
    unpause(node)
    node.start()
    node.reload()
    heal(node)


def _not_running(node: Container, remedy: str) -> InputError:
    return InputError(f"{name_of(node)} is {state_of(node)}: `{remedy} {name_of(node)}` first")
