"""`orchestrate status`, `ps` and `nodes`: what is there."""

from __future__ import annotations

from typing import Any

import click

from orchestrate.cli.options import cluster_options, json_option, make_session
from orchestrate.cli.screen import out, show_json, show_rows
from orchestrate.commands.look import ClusterView, look
from orchestrate.views.rows import NodeRow, ReplicaRow, ServiceRow
from orchestrate.views.status import node_rows, replica_rows, service_rows


@click.command()
@cluster_options
@json_option
def status(output: str, **flags: Any) -> int:
    """The services of every deployed project: how many replicas are passing, and where."""
    picture = _looked(flags)
    rows = list(service_rows(picture.projects, picture.observed))
    return _show(rows, ServiceRow, output, "Nothing is deployed: `orchestrate deploy -f FILE`.")


@click.command()
@cluster_options
@json_option
def ps(output: str, **flags: Any) -> int:
    """Every replica: its node, state, health, address, image and revision."""
    rows = list(replica_rows(_looked(flags).observed))
    return _show(rows, ReplicaRow, output, "No replica runs.")


@click.command()
@cluster_options
@json_option
def nodes(output: str, **flags: Any) -> int:
    """The nodes: their status, parts, what is reserved of them, and what is wrong with them."""
    session = make_session(flags)
    rows = list(node_rows(look(session).observed, session.settings))
    return _show(rows, NodeRow, output, "There are no nodes.")


def _looked(flags: dict[str, Any]) -> ClusterView:
    return look(make_session(flags))


def _show(rows: list[Any], kind: type, output: str, nothing: str) -> int:
    if output == "json":
        show_json(rows)
    elif rows:
        show_rows(rows, kind)
    else:
        out.print(nothing, markup=False)
    return 0
