"""Of the nodes that can take a replica, the one that should.

Preferences come first: of the branches of the first one, those with the fewest replicas of the service; of
what is left, those of the second, and so on. Then the strategy. Spread: the fewest replicas of the service,
then the fewest of all. Binpack: the least room left, then the most replicas. Equals: the first by name.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orchestrate.scheduler.demand import CPUS, MEMORY, Demand
from orchestrate.scheduler.table import Counts, Mask, Rows, Table
from orchestrate.scheduler.traits import values

_WORST = np.iinfo(np.int64).max
_SHIFT = 32
"""Both counts in one number: what is of the service weighs more than any total."""


def best(table: Table, demand: Demand, fit: Mask) -> int | None:
    """The row of the best of the `fit` nodes; None where there is none."""
    if not fit.any():
        return None
    for depth in range(len(demand.preferences)):
        fit = _least(fit, _in_branch(table, demand, depth))
    if demand.strategy == "binpack":
        fit = _least(fit, -fullness(table, demand))
        return int(np.where(fit, -table.total, _WORST).argmin())
    return int(np.where(fit, _load(table, demand), _WORST).argmin())


def fullness(table: Table, demand: Demand) -> NDArray[np.float64]:
    """The shares of memory and of CPUs that would be reserved with one replica more, summed up."""
    full = np.zeros(len(table.names))
    for kind in (MEMORY, CPUS):
        capacity = np.maximum(table.capacity[kind], 1)
        full += (table.capacity[kind] - table.free[kind] + demand.needs.get(kind, 0)) / capacity
    return full


def fullest_first(table: Table, demand: Demand) -> Rows:
    """All nodes, as binpack fills them."""
    return np.lexsort((-table.total, -fullness(table, demand)))


def _load(table: Table, demand: Demand) -> Counts:
    """What each node has already."""
    here = table.here(demand.service)
    return table.total if here is None else (here << _SHIFT) + table.total


def _in_branch(table: Table, demand: Demand, depth: int) -> Rows:
    """Of each node, how many replicas of the service are in the branch that it belongs to."""
    keys = demand.preferences[: depth + 1]
    branch = table.known(
        ("branch", *keys),
        lambda: table.branches(lambda traits: tuple(values(key, traits) for key in keys)),
    )
    held = np.bincount(branch[table.rows_of(demand.service)], minlength=int(branch.max()) + 1)
    return held[branch]


def _least(fit: Mask, measured: NDArray[np.intp] | NDArray[np.float64]) -> Mask:
    least: Mask = measured == measured[fit].min()
    return fit & least
