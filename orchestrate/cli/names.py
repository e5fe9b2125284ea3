"""A shell completes values of these arguments and options: from files, and from what the last look saw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import click
from click.shell_completion import CompletionItem
from click.types import StringParamType

from orchestrate.commands.completion import offered_names

Kind = Literal["file", "node", "project", "replica"]
_LAST_NAME = re.compile(r"[^:,!&]*$")


class Name(StringParamType):
    """A text like any other, but for the completion."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.name = kind

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002 - click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        if self.kind == "file":
            return [CompletionItem(incomplete, type="file")]
        names = offered_names(ctx.params.get("inventory") or ())
        candidates = _candidates(self.kind, names.nodes, names.replicas, incomplete)
        known = sorted({*candidates})
        return [CompletionItem(name) for name in known if name.startswith(incomplete)]


FILE = Name("file")
NODE = Name("node")
PROJECT = Name("project")
REPLICA = Name("replica")


def _candidates(
    kind: Kind, nodes: Sequence[str], replicas: Sequence[str], incomplete: str
) -> Iterable[str]:
    match kind:
        case "node":
            return _nodes(nodes, incomplete)
        case "project":
            return (replica.partition("/")[0] for replica in replicas)
        case _:
            return _replicas(replicas, incomplete)


def _nodes(nodes: Sequence[str], incomplete: str) -> Iterator[str]:
    """Complete the last name of a host pattern: `rack2:!n7`."""
    before = _LAST_NAME.sub("", incomplete)
    yield from (f"{before}{node}" for node in nodes)


def _replicas(replicas: Sequence[str], incomplete: str) -> Iterator[str]:
    """Yield projects and services; after a `/` services and replicas, after an `@` each with its node."""
    for full in replicas:
        replica, _, node = full.partition("@")
        service, project = replica.rpartition(".")[0], replica.partition("/")[0]
        if "@" in incomplete:
            yield from (f"{name}@{node}" for name in (project, service, replica))
        elif "/" in incomplete:
            yield from (service, replica)
        else:
            yield from (project, service)
