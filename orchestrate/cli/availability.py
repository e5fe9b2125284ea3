"""`orchestrate cordon`, `uncordon` and `drain`: which nodes take replicas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from orchestrate.cli.cycle import show_cycle
from orchestrate.cli.names import NODE
from orchestrate.cli.options import (
    cluster_options,
    json_option,
    lock_option,
    make_session,
)
from orchestrate.cli.plan import show_plan
from orchestrate.cli.screen import out, show_json
from orchestrate.commands.availability import drained, mark, matching
from orchestrate.commands.plan import plan as run_plan
from orchestrate.commands.session import Session
from orchestrate.model.node import Availability

_nodes = click.argument("nodes", nargs=-1, required=True, metavar="PATTERN...", type=NODE)


@click.command()
@_nodes
@cluster_options
@lock_option
@json_option
def cordon(nodes: tuple[str, ...], output: str, **flags: Any) -> int:
    """Place nothing new on these nodes; what is there stays."""
    return _marked(nodes, "cordoned", output, flags)


@click.command()
@_nodes
@cluster_options
@lock_option
@json_option
def uncordon(nodes: tuple[str, ...], output: str, **flags: Any) -> int:
    """Use these nodes again, after a cordon or a drain; nothing is moved back."""
    return _marked(nodes, "active", output, flags)


@click.command()
@_nodes
@click.option(
    "--deadline",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="Try for that long; then stop what has nowhere to go.  [default: one cycle, stop nothing]",
)
@click.option("--check", is_flag=True, help="Change nothing: show the plan.")
@cluster_options
@lock_option
@json_option
def drain(
    nodes: tuple[str, ...],
    deadline: float | None,
    check: bool,  # noqa: FBT001
    output: str,
    **flags: Any,
) -> int:
    """Move everything off these nodes, and place nothing on them.

    A replica starts elsewhere before it stops here; one that has its volume here stays. Holds until
    `orchestrate uncordon`.
    """
    if check:
        return show_plan(
            flags, output, lambda session: run_plan(session, None, _as_drained(session, nodes))
        )
    return show_cycle(
        flags, output, lambda session: drained(session, matching(session, nodes), deadline)
    )


def _as_drained(session: Session, patterns: tuple[str, ...]) -> Mapping[str, Availability]:
    return dict.fromkeys(matching(session, patterns), "draining")


def _marked(
    nodes: tuple[str, ...], availability: Availability, output: str, flags: dict[str, Any]
) -> int:
    session = make_session(flags)
    names = matching(session, nodes)
    mark(session, names, availability)
    if output == "json":
        show_json([{"node": name, "availability": availability} for name in names])
    else:
        out.print(f"{', '.join(names)}: {availability}.", markup=False)
    return 0
