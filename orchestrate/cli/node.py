"""`orchestrate node forget`: what is done to one node, for good."""

from __future__ import annotations

import sys
from typing import Any

import click

from orchestrate.cli.cycle import show_cycle
from orchestrate.cli.names import NODE
from orchestrate.cli.options import cluster_options, json_option, lock_option, make_session
from orchestrate.cli.plan import show_plan
from orchestrate.cli.screen import err
from orchestrate.commands.forget import foreseen, forgotten
from orchestrate.commands.plan import plan as run_plan
from orchestrate.errors import InputError


@click.group()
def node() -> None:
    """Actions on one node, for good."""


@node.command()
@click.argument("name", type=NODE)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--check", is_flag=True, help="Change nothing: show what is lost, and the plan.")
@cluster_options
@lock_option
@json_option
def forget(name: str, yes: bool, check: bool, output: str, **flags: Any) -> int:  # noqa: FBT001
    """Give up a dead node, and the volumes that are on it, with their data.

    What it held starts elsewhere, even with an empty volume. Refused while the node answers, or Consul sees it
    alive. When it comes back all the same, what was superseded is stopped there before anything else.
    """
    loss = foreseen(make_session(flags), name)
    err.print(f"{loss}.", style="yellow", markup=False)
    if check:
        return show_plan(
            flags, output, lambda session: run_plan(session, None, {name: "forgotten"})
        )
    if not yes:
        confirm(name)
    return show_cycle(flags, output, lambda session: forgotten(session, name))


def confirm(name: str) -> None:
    if not sys.stdin.isatty():
        raise InputError(f"nobody is here to be asked whether {name} is given up: say so by --yes")
    click.confirm("Is that what you want?", abort=True, err=True)
