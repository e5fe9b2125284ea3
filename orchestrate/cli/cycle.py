"""`orchestrate converge`, `deploy`, `down` and `unlock`: what changes the cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import click

from orchestrate.cli.names import PROJECT
from orchestrate.cli.options import (
    cluster_options,
    file_options,
    json_option,
    limit_option,
    loaded,
    loaded_or_none,
    lock_option,
    make_session,
)
from orchestrate.cli.plan import show_plan
from orchestrate.cli.progress import Progress
from orchestrate.cli.screen import err, out, show_json
from orchestrate.commands.converge import converge as run_cycle
from orchestrate.commands.down import down as remove
from orchestrate.commands.plan import plan as run_plan
from orchestrate.commands.session import Session
from orchestrate.model.report import CycleReport, Failure
from orchestrate.views.explain import line
from orchestrate.views.summary import summary_sentence


@click.command()
@file_options
@cluster_options
@limit_option
@lock_option
@click.option("--check", is_flag=True, help="Change nothing: the same as `orchestrate plan`.")
@click.option(
    "--insist", is_flag=True, help="Add nodes, if they help, even if that has just failed."
)
@json_option
def converge(check: bool, insist: bool, output: str, **flags: Any) -> int:  # noqa: FBT001
    """Make the cluster as desired: one cycle, for cron as for people.

    Ends with one sentence. With -f the file becomes its project's desired state first.
    """
    found = loaded_or_none(flags)
    if check:
        return show_plan(
            flags, output, lambda session: run_plan(replace(session, insists=insist), found)
        )
    return show_cycle(
        flags, output, lambda session: run_cycle(replace(session, insists=insist), found)
    )


@click.command()
@file_options
@cluster_options
@limit_option
@lock_option
@json_option
def deploy(output: str, **flags: Any) -> int:
    """Deploy a Compose file (default: ./compose.yaml), then converge."""
    found = loaded(flags)
    return show_cycle(flags, output, lambda session: run_cycle(session, found))


@click.command()
@cluster_options
@limit_option
@lock_option
@click.option("--check", is_flag=True, help="Change nothing: show the moves.")
@json_option
def rebalance(check: bool, output: str, **flags: Any) -> int:  # noqa: FBT001
    """Even out what runs, after a node joined, say: by as few moves as that takes.

    A cycle comes first; nothing moves before all is as desired.
    """
    if check:
        return show_plan(
            flags, output, lambda session: run_plan(replace(session, rebalances=True), None)
        )
    return show_cycle(flags, output, lambda session: run_cycle(replace(session, rebalances=True)))


@click.command()
@click.argument("project", type=PROJECT)
@click.option("--volumes", is_flag=True, help="Remove its volumes too, with their data.")
@cluster_options
@lock_option
@json_option
def down(project: str, volumes: bool, output: str, **flags: Any) -> int:  # noqa: FBT001
    """Remove a project: its replicas, registrations and routes."""
    return show_cycle(flags, output, lambda session: remove(session, project, purge=volumes))


@click.command()
@cluster_options
def unlock(**flags: Any) -> int:
    """Take the lock away from whoever holds it; a running cycle of theirs stops."""
    holder = make_session(flags).unlock()
    out.print(f"Taken from {holder}." if holder else "Nobody holds the lock.", markup=False)
    return 0


def show_cycle(flags: dict[str, Any], output: str, work: Callable[[Session], CycleReport]) -> int:
    reporter = Progress()
    with reporter.watching("Looking at the nodes"):
        report = work(make_session(flags, reporter))
    if output == "json":
        show_json(_as_json(report))
    else:
        _print_report(report)
    return report.exit_code


def _print_report(report: CycleReport) -> None:
    nodes: dict[str, list[str]] = {}
    for failure in report.failures:
        nodes.setdefault(failure.message, []).append(failure.node)
    for message, names in nodes.items():  # what several nodes say alike is said once
        err.print(f"{', '.join(names)}: {message}", style="red", markup=False)
    for one in report.unmet:
        err.print(f"! {one.subject}: {one.reason}", style="yellow", markup=False)
    out.print(
        summary_sentence(report),
        style="bold" if report.exit_code == 0 else "bold red",
        markup=False,
    )


def _as_json(report: CycleReport) -> dict[str, Any]:
    return {
        "summary": summary_sentence(report),
        "exit_code": report.exit_code,
        "changed": report.changed,
        "actions": [line(action) for plan in report.plans for action in plan.actions],
        "failures": [_failure_as_json(failure) for failure in report.failures],
        "unmet": report.unmet,
    }


def _failure_as_json(failure: Failure) -> dict[str, Any]:
    """The action as its line: as a value it holds the container's environment."""
    action = line(failure.action) if failure.action else None
    return {field.name: getattr(failure, field.name) for field in fields(failure)} | {
        "action": action
    }
