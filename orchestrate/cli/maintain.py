"""`orchestrate maintain`: work on nodes, one after the other, while the services go on."""

from __future__ import annotations

from typing import Any

import click

from orchestrate.cli.names import FILE, NODE
from orchestrate.cli.options import cluster_options, json_option, lock_option, make_session
from orchestrate.cli.progress import Progress
from orchestrate.cli.screen import err, out, show_json
from orchestrate.commands.availability import matching
from orchestrate.commands.maintain import Maintenance, maintained
from orchestrate.commands.node_operations import chosen_playbook, operations_of, timeout_of
from orchestrate.model.wording import counted


@click.command()
@click.option(
    "-l",
    "--limit",
    "pattern",
    required=True,
    metavar="PATTERN",
    type=NODE,
    help="The nodes to work on.",
)
@click.option(
    "--playbook", metavar="FILE", type=FILE, help="What to do on each: a playbook of your own."
)
@click.option("--reboot", is_flag=True, help="Reboot each.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=600,
    metavar="SECONDS",
    help="How long a node may take until it can be used again.  [default: 600]",
)
@cluster_options
@lock_option
@json_option
def maintain(pattern: str, playbook: str | None, timeout: float, output: str, **flags: Any) -> int:
    """Work on nodes, one after the other: drain, run a playbook or reboot, wait, use again.

    What has its volume on a node is stopped for as long as that takes, if the x-budget of its service lets
    it. The first thing that goes wrong ends it.
    """
    work = chosen_playbook(playbook, reboot=flags.pop("reboot"))
    reporter = Progress()
    with reporter.watching("Looking at the nodes"):
        session = make_session(flags, reporter)
        names = matching(session, [pattern])
        operations = operations_of(session, work, reporter.noted)
        found = maintained(names, operations, timeout_of(session, timeout))
    if output == "json":
        show_json(found)
    else:
        _print(found)
    return found.exit_code


def _print(found: Maintenance) -> None:
    if found.ended:
        err.print(found.ended, style="red", markup=False)
    if found.left:
        err.print(f"not begun: {', '.join(found.left)}", markup=False)
    names = f": {', '.join(found.done)}" if found.done else ""
    out.print(
        f"{counted(len(found.done), 'node')} done{names}.",
        style="bold" if not found.ended else "bold red",
        markup=False,
    )
