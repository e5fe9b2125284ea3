"""Preferences as a tree: a branch for each value of the first, in it one for each of the second, and so on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from orchestrate.scheduler.demand import Demand
from orchestrate.scheduler.table import Counts, Rows, Table
from orchestrate.scheduler.traits import Traits, values


@dataclass(frozen=True, slots=True)
class Tree:
    """`leaf`: of each node. `levels`: of each leaf the branch it is on, from the trunk to the leaf itself."""

    leaf: Rows
    levels: tuple[Rows, ...]


def order_of_branches(table: Table, demand: Demand) -> Rows:
    """A number for each node: the lower, the sooner its branch gets the next replica; equals are equal.

    That is the branch of the first preference with the fewest replicas of the service, and of what it
    branches into again, for each of the others.
    """
    tree = tree_of(table, demand)
    return _ranked(np.array(held_on(table, demand, tree)))[tree.leaf]


def tree_of(table: Table, demand: Demand) -> Tree:
    keys = demand.preferences
    return table.known(("tree", *keys), lambda: _grow(table, keys))


def held_on(table: Table, demand: Demand, tree: Tree) -> list[Counts]:
    """Return for each level the replicas of the service on the branch of each leaf."""
    rows = table.rows_of(demand.service)
    held = np.bincount(tree.leaf[rows], minlength=len(tree.levels[0]))
    return [np.bincount(level, weights=held)[level].astype(np.int64) for level in tree.levels]


def _ranked(columns: Counts) -> Rows:
    """Rank the columns by the first row, then by the second, and so on; equal ones share a rank."""
    order = np.lexsort(columns[::-1])
    ordered = columns[:, order]
    is_more = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    ranks = np.zeros(len(order), dtype=np.intp)
    ranks[order[1:]] = np.cumsum(is_more)
    return ranks


def _grow(table: Table, keys: tuple[str, ...]) -> Tree:
    levels = [table.branches(partial(_branch, keys[:depth])) for depth in range(1, len(keys) + 1)]
    leaf = levels[-1]
    _, first = np.unique(leaf, return_index=True)
    return Tree(leaf=leaf, levels=tuple(level[first] for level in levels))


def _branch(keys: tuple[str, ...], traits: Traits) -> tuple[tuple[str, ...], ...]:
    return tuple(values(key, traits) for key in keys)
