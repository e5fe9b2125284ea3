"""The ranking of the nodes that can take a replica.

Where one like it failed to start lately comes last: those nodes are looked at when the others are used up. Then
preferences: of the branches of the first one, those with the fewest replicas of the service; of what is left,
those of the second, and so on. Then the strategy. Spread: the fewest replicas of the service, then the fewest
of all. Binpack: the least room left, then the most replicas. Equals: the first by name.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orchestrate.scheduler.branches import order_of_branches
from orchestrate.scheduler.demand import CPUS, MEMORY, Demand
from orchestrate.scheduler.table import Counts, Mask, Rows, Table

_WORST = np.iinfo(np.int64).max
_SHIFT = 21
"""Three counts in one number: a branch weighs more than replicas of the service, these more than any total."""
STEP = (1 << _SHIFT) + 1
"""What a replica more adds to the load of its node."""


def best(table: Table, demand: Demand, fit: Mask) -> int | None:
    """The row of the best of the `fit` nodes; None where there is none."""
    if not fit.any():
        return None
    fit = tiers(table, demand, fit)[0]
    if demand.strategy == "binpack":
        return _fullest(table, demand, fit)
    return int(np.where(fit, load(table, demand), _WORST).argmin())


def tiers(table: Table, demand: Demand, fit: Mask) -> list[Mask]:
    """The `fit` nodes by their failures, the fewest first; each is used up before the next is looked at."""
    if not demand.failed:
        return [fit]
    found = failures(table, demand)
    return [fit & (found == number) for number in np.unique(found[fit])]


def failures(table: Table, demand: Demand) -> Counts:
    """How often one like it failed to start lately, for each node."""
    return table.known(
        ("failures", *sorted(demand.failed.items())),
        lambda: np.array([demand.failed.get(name, 0) for name in table.names], dtype=np.int64),
    )


def load(table: Table, demand: Demand) -> Counts:
    """Return the load of each node: the least is the best."""
    load = load_of_nodes(table, demand)
    if demand.preferences:
        load = (order_of_branches(table, demand) << 2 * _SHIFT) + load
    return load


def load_of_nodes(table: Table, demand: Demand) -> Counts:
    """The same without regard to branches: replicas of the service, then of all."""
    here = table.here(demand.service)
    return table.total if here is None else (here << _SHIFT) + table.total


def _fullest(table: Table, demand: Demand, fit: Mask) -> int:
    if demand.preferences:
        fit = _least(fit, order_of_branches(table, demand))
    fit = _least(fit, -fullness(table, demand))
    return int(np.where(fit, -table.total, _WORST).argmin())


def fullness(table: Table, demand: Demand) -> NDArray[np.float64]:
    """The shares of memory and of CPUs that would be reserved with one replica more, summed up."""
    full = np.zeros(len(table.names))
    for kind in (MEMORY, CPUS):
        capacity = np.maximum(table.capacity[kind], 1)
        full += (table.capacity[kind] - table.free[kind] + demand.needs.get(kind, 0)) / capacity
    return full


def fullest_first(table: Table, demand: Demand) -> Rows:
    """Return all nodes in the order in which binpack fills them."""
    return np.lexsort((-table.total, -fullness(table, demand)))


def _least(fit: Mask, measured: NDArray[np.intp] | NDArray[np.float64]) -> Mask:
    least: Mask = measured == measured[fit].min()
    return fit & least
