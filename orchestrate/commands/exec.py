"""A command inside a replica, on whichever node that runs. Consul is not asked, as for logs."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrate.adapters.ansible.node_program import DOCKER_SOCKET, by_argument
from orchestrate.adapters.ansible.remote_command import BY_ANSIBLE_ALONE, remote_python
from orchestrate.adapters.terminal import hand_over
from orchestrate.commands.selector import full_name, selected
from orchestrate.commands.session import Session
from orchestrate.errors import InputError, UnreachableError
from orchestrate.planner.snapshot import ObservedReplica


def run_inside(
    session: Session, word: str, command: Sequence[str], *, user: str = "", has_terminal: bool
) -> int:
    """Run it to its end, with our own input and output; its exit code.

    InputError: the word names no replica that runs, or several. UnreachableError: ssh alone finds no way.
    """
    running = [seen for seen in selected((word,), session.look()) if seen.is_running]
    replica = _the_only(word, running)
    request = {
        "container": replica.container.name,
        "command": list(command),
        "user": user,
        "has_terminal": has_terminal,
        "docker_socket": DOCKER_SOCKET,
    }
    ssh = remote_python(
        replica.node.name,
        session.inventory.variables(replica.node.name),
        by_argument("_exec", request),
        becomes=session.options.become,
        has_terminal=has_terminal,
    )
    if ssh is None:
        raise UnreachableError(f"{replica.node.name}: {BY_ANSIBLE_ALONE}")
    return hand_over(ssh)


def _the_only(word: str, running: Sequence[ObservedReplica]) -> ObservedReplica:
    if not running:
        raise InputError(f"{word}: it does not run")
    if len(running) > 1:
        there = ", ".join(map(full_name, running))
        raise InputError(f"{word}: name one of these: {there}")
    return running[0]
