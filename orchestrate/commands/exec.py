"""A command inside a replica, on whichever node that runs. Consul is not asked, as for logs."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from orchestrate.adapters.ansible.remote_command import remote_command
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
    one = _the_one(word, [one for one in selected((word,), session.look()) if one.is_running])
    docker = [
        *("docker", "container", "exec", "--interactive"),
        *(["--tty"] if has_terminal else []),
        *([f"--user={user}"] if user else []),
        *("--", one.container.name, *command),
    ]
    ssh = remote_command(
        one.node.name,
        session.inventory.variables(one.node.name),
        shlex.join(docker),
        becomes=session.options.become,
        has_terminal=has_terminal,
    )
    if ssh is None:
        raise UnreachableError(
            f"{one.node.name}: only Ansible knows the way to it, with a password, say; "
            f"{one.label} is its container {one.container.name}"
        )
    return hand_over(ssh)


def _the_one(word: str, running: Sequence[ObservedReplica]) -> ObservedReplica:
    if not running:
        raise InputError(f"{word}: it does not run")
    if len(running) > 1:
        there = ", ".join(map(full_name, running))
        raise InputError(f"{word}: name one of these: {there}")
    return running[0]
