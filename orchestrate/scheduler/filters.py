"""Which nodes can take a replica, and of those that cannot, which filter ruled them out, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np

from orchestrate.scheduler.amounts import Left, most_left
from orchestrate.scheduler.checks import NODE, ROOM, Filter
from orchestrate.scheduler.demand import Demand
from orchestrate.scheduler.table import Counts, Mask, Table


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason, and the nodes that it keeps from taking the replica."""

    reason: str
    nodes: tuple[str, ...]
    freest: Left | None = None
    """What there is of what these nodes have too little of."""


def eligible(table: Table, demand: Demand) -> Mask:
    """The nodes for this replica, whether or not there is room now. Not to be written to."""
    asked = (demand.constraints, demand.platform, demand.engine, demand.external)
    return table.known(asked, partial(_all_of, table, demand, NODE))


def admitted(table: Table, demand: Demand) -> Mask:
    """The nodes that can take one more replica. Not to be written to."""
    mask = eligible(table, demand)
    for one in ROOM:
        found = one.admits(table, demand)
        if found is not None:
            mask = mask & found
    return mask


def room(table: Table, demand: Demand, fit: Mask, most: int) -> Counts:
    """How many more replicas each of the `fit` nodes can take, at the most `most`."""
    room = np.where(fit, 1 if demand.is_alone else most, 0)
    for kind, amount in demand.needs.items():
        np.minimum(room, table.left(kind) // amount, out=room, where=fit)
    here = table.here(demand.service)
    if demand.most_per_node:
        left = demand.most_per_node - (0 if here is None else here)
        np.minimum(room, left, out=room, where=fit)
    return room


def refusal(table: Table, demand: Demand, row: int) -> str | None:
    """The first filter's reason why the node cannot take the replica; None: it can."""
    for one in (*NODE, *ROOM):
        mask = one.admits(table, demand)
        if mask is not None and not mask[row]:
            return one.why(table, demand, row)
    return None


def refusals(table: Table, demand: Demand, among: Mask | None = None) -> tuple[Refusal, ...]:
    """Why none of the nodes, or of those `among` them, can: each is refused by the first that does."""
    found: list[Refusal] = []
    left = np.ones(len(table.names), dtype=bool) if among is None else among.copy()
    for one in (*NODE, *ROOM):
        mask = one.admits(table, demand)
        if mask is None:
            continue
        rows: dict[str, list[int]] = defaultdict(list)
        for row in np.flatnonzero(left & ~mask):
            rows[one.why(table, demand, int(row))].append(int(row))
        found += [_refusal(one, reason, table, demand, these) for reason, these in rows.items()]
        left &= mask
    return tuple(found)


def _refusal(one: Filter, reason: str, table: Table, demand: Demand, rows: list[int]) -> Refusal:
    kind = one.kind(table, demand, rows[0])
    return Refusal(
        reason=reason,
        nodes=tuple(table.names[row] for row in rows),
        freest=most_left(kind, table, np.array(rows, dtype=np.intp)) if kind else None,
    )


def _all_of(table: Table, demand: Demand, filters: Iterable[Filter]) -> Mask:
    mask = np.ones(len(table.names), dtype=bool)
    for one in filters:
        found = one.admits(table, demand)
        if found is not None:
            mask &= found
    return mask
