"""`orchestrate plan`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from orchestrate.cli.names import FILE
from orchestrate.cli.options import (
    cluster_options,
    file_options,
    limit_option,
    loaded_or_none,
    make_session,
)
from orchestrate.cli.progress import Progress
from orchestrate.cli.screen import coloured, out, show_json
from orchestrate.commands.plan import plan as run_plan
from orchestrate.commands.session import Session
from orchestrate.errors import InputError
from orchestrate.model.plan import Plan
from orchestrate.views.explain import explain, line, summary


@click.command()
@file_options
@cluster_options
@limit_option
@click.option(
    "-o",
    "--output",
    metavar="json|FILE.yml",
    type=FILE,
    help="JSON, or write the playbook to this file.",
)
def plan(output: str | None, **flags: Any) -> int:
    """Show what `converge` would do, and why. Changes nothing.

    Without -f: the projects that are deployed. Exit code 0: nothing to do, 2: something, 3: nothing
    that can be done now, and yet not as the file says.
    """
    if output and output != "json" and Path(output).suffix not in {".yml", ".yaml"}:
        raise InputError(f"-o {output}: expected json, or a file that ends in .yml")
    project = loaded_or_none(flags)
    return show_plan(flags, output or "table", lambda session: run_plan(session, project))


def show_plan(
    flags: dict[str, Any], output: str, work: Callable[[Session], tuple[Plan, str]]
) -> int:
    """Print the plan as a table or as JSON, or print it and write its playbook to the file `output`."""
    reporter = Progress()
    with reporter.watching("Looking at the nodes"):
        found, text = work(make_session(flags, reporter))
    if output == "json":
        show_json(as_json(found))
    else:
        print_plan(found)
    if output not in {"json", "table"}:
        Path(output).write_text(text, encoding="utf-8")
        out.print(f"Written to {output}: ansible-playbook -i INVENTORY {output}", markup=False)
    return found.exit_code


def print_plan(found: Plan, console: Console = out) -> None:
    for text in explain(found):
        sign = text.lstrip()[:1]
        console.print(coloured(text, sign if sign in "+-~!" else None))
    console.print(summary(found), style="bold", markup=False)


def as_json(found: Plan) -> dict[str, Any]:
    return {
        "summary": summary(found),
        "changed": bool(found.steps),
        "steps": [
            {"title": step.title, "actions": [line(action) for action in step.actions]}
            for step in found.steps
        ],
        "unmet": found.unmet,
    }
