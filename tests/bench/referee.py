"""Watches placements with books of its own: was each allowed, and was there a better node at that moment?

A decision on many replicas is right when every one of them went to a node with no more than any other that
had room then. Each place has a key, replicas of the service and of all; so the keys of the places taken do
not fall, and none is above that of a place left open.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from orchestrate.scheduler.demand import Demand
from orchestrate.scheduler.table import Counts, Mask, Rows, Table

_SHIFT = 32


@dataclass(slots=True)
class Referee:
    """`allowed`: the nodes that satisfy a service's constraints, found without the scheduler."""

    table: Table
    allowed: Mask
    placed: int = 0
    violations: int = 0
    not_best: int = 0
    free: dict[str, Counts] = field(init=False)
    total: Counts = field(init=False)

    def __post_init__(self) -> None:
        self.free = {kind: column.copy() for kind, column in self.table.capacity.items()}
        self.total = np.zeros(len(self.table.names), dtype=np.int64)

    def judge(self, demand: Demand, rows: Rows, wanted: int) -> None:
        """Of a service that had no replicas before."""
        here = np.bincount(rows, minlength=len(self.total))
        keys = self._keys(rows)
        for kind, amount in demand.needs.items():
            self.free[kind] -= here * amount
        self.total += here
        is_open = self._is_open(demand, here)
        left = ((here << _SHIFT) + self.total)[is_open].min(initial=np.iinfo(np.int64).max)
        self.placed += len(rows)
        self.violations += self._violations(demand, rows, here)
        self.not_best += int((keys > left).sum() + (np.diff(keys) < 0).sum())
        self.not_best += (wanted - len(rows)) * bool(is_open.any())

    def _keys(self, rows: Rows) -> Counts:
        """What each node had when it was chosen."""
        order = np.argsort(rows, kind="stable")
        chosen = rows[order]
        starts = np.flatnonzero(np.r_[True, chosen[1:] != chosen[:-1]]) if len(rows) else rows
        lengths = np.diff(np.r_[starts, len(rows)])
        earlier = np.empty(len(rows), dtype=np.int64)
        earlier[order] = np.arange(len(rows)) - np.repeat(starts, lengths)
        return (earlier << _SHIFT) + self.total[rows] + earlier

    def _is_open(self, demand: Demand, here: Counts) -> Mask:
        """The nodes that could have taken one more."""
        is_open = self.allowed.copy() if demand.constraints else np.ones(len(here), dtype=bool)
        for kind, amount in demand.needs.items():
            is_open &= self.free[kind] >= amount
        if demand.most_per_node:
            is_open &= here < demand.most_per_node
        return is_open

    def _violations(self, demand: Demand, rows: Rows, here: Counts) -> int:
        outside = int((~self.allowed[rows]).sum()) if demand.constraints else 0
        crowded = int((here > demand.most_per_node).sum()) if demand.most_per_node else 0
        return outside + crowded + sum(int((column < 0).sum()) for column in self.free.values())
