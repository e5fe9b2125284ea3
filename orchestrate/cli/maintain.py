"""`orchestrate maintain`: work on nodes, one after the other, while the services go on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from orchestrate.adapters import shipped
from orchestrate.adapters.ansible.outcome import as_failure
from orchestrate.adapters.clock import SystemClock
from orchestrate.cli.names import FILE, NODE
from orchestrate.cli.options import cluster_options, json_option, lock_option, make_app
from orchestrate.cli.progress import Progress
from orchestrate.cli.screen import err, out, show_json
from orchestrate.commands.app import App
from orchestrate.commands.availability import drained, mark, matching
from orchestrate.commands.maintain import Maintenance, NodeOperations, Timeout, maintained
from orchestrate.errors import InputError, UnreachableError
from orchestrate.model.report import CycleReport, Failure
from orchestrate.model.wording import counted
from orchestrate.planner.nodes.problems import problems


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
    work = _chosen(playbook, reboot=flags.pop("reboot"))
    reporter = Progress()
    with reporter.watching("Looking at the nodes"):
        app = make_app(flags, reporter)
        names = matching(app, [pattern])
        patience = Timeout(clock=SystemClock(), stopped=reporter.stopped, within_s=timeout)
        found = maintained(names, _site(app, work, reporter), patience)
    if output == "json":
        show_json(found)
    else:
        _print(found)
    return found.exit_code


def _chosen(playbook: str | None, *, reboot: bool) -> Path:
    if bool(playbook) == reboot:
        raise InputError("say what is to be done: either --playbook FILE or --reboot")
    file = Path(playbook) if playbook else shipped.playbooks() / "reboot.yml"
    if not file.is_file():
        raise InputError(f"{file}: no such file")
    return file


def _site(app: App, playbook: Path, reporter: Progress) -> NodeOperations:
    return NodeOperations(
        needed=partial(_needed, app),
        converge=partial(app.converge, None),
        drain=lambda name: drained(app, [name], None),
        clear=lambda name: drained(app, [name], 0),
        work=partial(_worked, app, playbook),
        problems=partial(_problems, app),
        release=partial(_released, app),
        told=reporter.noted,
    )


def _worked(app: App, playbook: Path, name: str) -> Sequence[Failure]:
    run = app.run(playbook, name)
    if run.failures:
        return [as_failure(failure) for failure in run.failures]
    if run.was_cancelled:
        return [Failure(node=name, task=playbook.name, message="it was stopped")]
    if name not in run.recap:
        return [Failure(node=name, task=playbook.name, message="it does nothing on this node")]
    return []


def _problems(app: App, name: str) -> str:
    try:
        nodes = app.look().observed.nodes
    except UnreachableError as error:
        return str(error)
    return "; ".join(next(problems(node) for node in nodes if node.name == name))


def _needed(app: App, name: str) -> str:
    try:
        return app.why_needed(name)
    except UnreachableError as error:
        return str(error)


def _released(app: App, name: str) -> CycleReport:
    mark(app, [name], "active")
    return app.converge(None)


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
