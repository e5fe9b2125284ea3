"""Decide where replicas go, and book them there. Equal input, equal answer."""

from __future__ import annotations

import numpy as np

from orchestrate.scheduler.branches import held_on, tree_of
from orchestrate.scheduler.demand import Demand
from orchestrate.scheduler.fill import fill, one_each, pack
from orchestrate.scheduler.filters import admitted, room
from orchestrate.scheduler.rank import best, failures, fullest_first, load, load_of_nodes, tiers
from orchestrate.scheduler.table import Mask, Rows, Table
from orchestrate.scheduler.tree_fill import TreeFill


def place_one(table: Table, demand: Demand, among: Mask | None = None) -> int | None:
    """The node of one more replica; None where none can take it. `among`: the only nodes to look at."""
    row = best(table, demand, _fit(table, demand, among))
    if row is not None:
        table.book(demand, row)
    return row


def place_many(table: Table, demand: Demand, count: int) -> Rows:
    """The nodes of `count` equal replicas, where they would come one by one; fewer, where room ends."""
    if demand.preferences and demand.strategy == "binpack":
        rows = (place_one(table, demand) for _ in range(count))
        return np.array([row for row in rows if row is not None], dtype=np.intp)
    found = np.empty(0, dtype=np.intp)
    for fit in tiers(table, demand, _fit(table, demand, None)):
        more = _placed(table, demand, fit, count - len(found))
        table.book_all(demand, more)
        found = np.concatenate([found, more])
    return found


def _placed(table: Table, demand: Demand, fit: Mask, count: int) -> Rows:
    if demand.preferences:
        return _over_branches(table, demand, fit, count)
    if demand.strategy == "binpack":
        return pack(fullest_first(table, demand), room(table, demand, fit, count), count)
    return _spread(table, demand, fit, count)


def is_better_elsewhere(table: Table, demand: Demand, row: int) -> bool:
    """True if another node takes one more, and fewer starts failed there lately."""
    found = failures(table, demand)
    return bool((_fit(table, demand, None) & (found < found[row])).any())


def better(table: Table, demand: Demand, row: int) -> int | None:
    """The best node for one more replica, if it is strictly better than that of `row`. Books nothing."""
    found = best(table, demand, _fit(table, demand, None))
    loads = load(table, demand)
    return found if found is not None and loads[found] < loads[row] else None


def _over_branches(table: Table, demand: Demand, fit: Mask, count: int) -> Rows:
    if not fit.any():
        return np.empty(0, dtype=np.intp)
    tree = tree_of(table, demand)
    grove = TreeFill(
        tree=tree,
        load=load_of_nodes(table, demand).copy(),
        room=room(table, demand, fit, count),
        held_on=held_on(table, demand, tree),
    )
    return grove.take(count)


def _spread(table: Table, demand: Demand, fit: Mask, count: int) -> Rows:
    here = table.here(demand.service)
    if here is None:
        here = np.zeros(len(fit), dtype=np.int64)
    rows = one_each(here, table.total, fit, count)
    if rows is None:
        rows = fill(here, table.total, room(table, demand, fit, count), count)
    return rows


def _fit(table: Table, demand: Demand, among: Mask | None) -> Mask:
    fit = admitted(table, demand)
    return fit if among is None else fit & among
