"""Of the nodes that can take a replica, the one that should.

Spread: the fewest replicas of the service, then the fewest replicas at all, then the first by name.
"""

from __future__ import annotations

import numpy as np

from orchestrate.scheduler.demand import Demand
from orchestrate.scheduler.table import Counts, Mask, Table

_WORST = np.iinfo(np.int64).max
_SHIFT = 32
"""Both counts in one number: what is of the service weighs more than any total."""


def best(table: Table, demand: Demand, fit: Mask) -> int | None:
    """The row of the best of the `fit` nodes; None where there is none."""
    if not fit.any():
        return None
    return int(np.where(fit, load(table, demand), _WORST).argmin())


def load(table: Table, demand: Demand) -> Counts:
    """What each node has already: the least is the best."""
    here = table.here(demand.service)
    return table.total if here is None else (here << _SHIFT) + table.total
