"""Amounts: whether a node has as much left as a replica needs, and the words for it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from orchestrate.scheduler.demand import ADDRESSES, CORE, CPUS, MEMORY, Demand, called
from orchestrate.scheduler.table import Mask, Rows, Table

_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Left:
    """The amount of a kind that the freest of some nodes has left."""

    kind: str
    amount: int

    def __str__(self) -> str:
        """Rounded down: it is never said to be as much as is needed."""
        match self.kind:
            case "memory":
                return f"{math.floor(self.amount / _GIB * 10) / 10:.1f} GiB"
            case "cpus":
                return f"{self.amount / CORE:g}"
            case _:
                return str(self.amount)


def most_left(kind: str, table: Table, rows: Rows) -> Left:
    return Left(kind, max(int(table.left(kind)[rows].max(initial=0)), 0))


def has(kind: str, table: Table, demand: Demand) -> Mask | None:
    amount = demand.needs.get(kind)
    return table.left(kind) >= amount if amount else None


def why_memory(table: Table, demand: Demand, row: int) -> str:
    needed = f"{demand.needs[MEMORY] / _GIB:.1f} GiB"
    return f"memory, needs {needed}{_if_foreign(MEMORY, table, demand, row)}"


def why_cpus(table: Table, demand: Demand, row: int) -> str:
    needed = f"{demand.needs[CPUS] / CORE:g}"
    return f"CPUs, needs {needed}{_if_foreign(CPUS, table, demand, row)}"


def has_pieces(table: Table, demand: Demand) -> Mask | None:
    """Processes, and what only people know the meaning of."""
    masks = [table.left(kind) >= amount for kind, amount in _pieces(demand)]
    return np.logical_and.reduce(masks) if masks else None


def why_pieces(table: Table, demand: Demand, row: int) -> str:
    kind = lacking_piece(table, demand, row)
    return f"{called(kind)}, needs {demand.needs[kind]}{_if_foreign(kind, table, demand, row)}"


def lacking_piece(table: Table, demand: Demand, row: int) -> str:
    """The first kind that the node has too few of."""
    return next(kind for kind, need in _pieces(demand) if table.left(kind)[row] < need)


def has_whole(table: Table, demand: Demand) -> Mask | None:
    """True if there are some, and no container has any of them."""
    if not demand.claims.whole:
        return None
    are_whole: Mask = np.logical_and.reduce(
        [_is_whole(kind, table) for kind in demand.claims.whole]
    )
    return are_whole


def why_whole(table: Table, demand: Demand, row: int) -> str:
    kind = next(kind for kind in demand.claims.whole if not _is_whole(kind, table)[row])
    return f"{called(kind)}, {'needs all of them' if table.capacity[kind][row] else 'has none'}"


def _is_whole(kind: str, table: Table) -> Mask:
    there = table.capacity[kind]
    is_whole: Mask = (there > 0) & (table.left(kind) == there)
    return is_whole


def why_address(_table: Table, _demand: Demand, _row: int) -> str:
    return "no address is free"


def _pieces(demand: Demand) -> list[tuple[str, int]]:
    return [one for one in demand.needs.items() if one[0] not in {MEMORY, CPUS, ADDRESSES}]


def _if_foreign(kind: str, table: Table, demand: Demand, row: int) -> str:
    """True if there would be room without the foreign containers."""
    foreign = table.foreign.get(kind)
    if foreign is None or table.left(kind)[row] + foreign[row] < demand.needs[kind]:
        return ""
    return ", which containers that are not ours hold"
