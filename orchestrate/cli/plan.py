"""`orchestrate plan`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from orchestrate.cli.options import (
    cluster_options,
    file_options,
    limit_option,
    loaded_or_none,
    make_app,
)
from orchestrate.cli.progress import Progress
from orchestrate.cli.screen import coloured, out, show_json
from orchestrate.errors import InputError
from orchestrate.model.plan import Plan
from orchestrate.model.report import NOT_AS_DESIRED
from orchestrate.views.explain import explain, line, summary

SOMETHING_TO_DO = 2


@click.command()
@file_options
@cluster_options
@limit_option
@click.option(
    "-o", "--output", metavar="json|FILE.yml", help="JSON, or write the playbook to this file."
)
def plan(output: str | None, **flags: Any) -> int:
    """Show what `converge` would do, and why. Changes nothing.

    Without -f: the projects that are deployed. Exit code 0: nothing to do, 2: something, 3: nothing
    that can be done now, and yet not as the file says.
    """
    if output and output != "json" and Path(output).suffix not in {".yml", ".yaml"}:
        raise InputError(f"-o {output}: expected json, or a file that ends in .yml")
    project = loaded_or_none(flags)
    teller = Progress()
    app = make_app(flags, teller)
    with teller.watching("Looking at the nodes"):
        found, text = app.plan(project)
    if output == "json":
        show_json(as_json(found))
    else:
        print_plan(found)
        if output:
            Path(output).write_text(text, encoding="utf-8")
            out.print(f"Written to {output}: ansible-playbook -i INVENTORY {output}", markup=False)
    if found.steps:
        return SOMETHING_TO_DO
    return NOT_AS_DESIRED if found.unmet else 0


def print_plan(found: Plan) -> None:
    for text in explain(found):
        sign = text.lstrip()[:1]
        out.print(coloured(text, sign if sign in "+-~!" else None))
    out.print(summary(found), style="bold", markup=False)


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
