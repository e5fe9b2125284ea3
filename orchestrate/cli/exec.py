"""`orchestrate exec`: a command inside a replica."""

from __future__ import annotations

import sys
from typing import Any

import click

from orchestrate.cli.names import REPLICA
from orchestrate.cli.options import cluster_options, make_session
from orchestrate.commands.exec import run_inside


@click.command("exec", context_settings={"allow_interspersed_args": False})
@click.option("-u", "--user", default="", metavar="USER", help="Instead of the container's own.")
@cluster_options
@click.argument("replica", type=REPLICA, metavar="PROJECT/SERVICE[.SLOT][@NODE]")
@click.argument("command", nargs=-1, metavar="[COMMAND...]")
def exec(replica: str, command: tuple[str, ...], user: str, **flags: Any) -> int:  # noqa: A001
    """Run a command inside a replica, wherever that runs; a shell, when none is given.

    Options come before the replica; what comes after it is the command. Its exit code is that of this command.
    """
    has_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    words = command[1:] if command[:1] == ("--",) else command
    return run_inside(
        make_session(flags), replica, words or ("sh",), user=user, has_terminal=has_terminal
    )
