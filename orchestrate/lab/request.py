"""The request for a lab, compared with the lab that is already there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from orchestrate.errors import InputError
from orchestrate.lab.addresses import MAX_NODES
from orchestrate.lab.image import NodeKind

_DEFAULT_NODES = 3
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class LabRequest:
    """None: as the lab is, or for a new one three full nodes."""

    name: str
    nodes: int | None = None
    kind: NodeKind | None = None


@dataclass(frozen=True, slots=True)
class LabShape:
    kind: NodeKind
    nodes: tuple[str, ...]


def check_request(request: LabRequest) -> None:
    """Refuse what can never be, before anything is started for it."""
    if not _NAME.fullmatch(request.name):
        raise InputError(
            f"--name: {request.name!r} is no name for a lab: "
            "up to 30 of a-z, 0-9 and -, with no - at either end"
        )
    if request.nodes is not None and not 1 <= request.nodes <= MAX_NODES:
        raise InputError(f"--nodes: a lab has from 1 to {MAX_NODES} nodes, not {request.nodes}")


def shape_lab(request: LabRequest, present: Sequence[NodeKind]) -> LabShape:
    """Return the shape that the lab is to have, given the kinds of its nodes."""
    start_again = f"`orchestrate lab down --name {request.name}` first"
    if present and request.kind and request.kind not in present:
        raise InputError(
            f"lab {request.name} has {present[0]} nodes, not {request.kind} ones: {start_again}"
        )
    count = request.nodes or len(present) or _DEFAULT_NODES
    if count < len(present):
        raise InputError(
            f"lab {request.name} has {len(present)} nodes and only grows: for {count}, {start_again}"
        )
    kind = request.kind or (present[0] if present else "full")
    return LabShape(kind, tuple(f"n{number}" for number in range(1, count + 1)))
