"""Many equal replicas at once, to where they would come one by one.

A node that takes several is as if it stood there several times, each time with one replica more. Those with
the fewest are the ones that would be chosen; they are found by their level, as water finds its own.
"""

from __future__ import annotations

import numpy as np

from orchestrate.scheduler.table import Counts, Mask, Rows


def one_each(here: Counts, total: Counts, fit: Mask, count: int) -> Rows | None:
    """The nodes, in the order of choice, if the emptiest of the `fit` are enough for one replica each."""
    rows = np.flatnonzero(fit & (here == here[fit].min(initial=np.iinfo(np.int64).max)))
    if len(rows) < count:
        return None
    return rows[_first_by(total[rows], count)]


def fill(here: Counts, total: Counts, room: Counts, count: int) -> Rows:
    """The node of each of `count` replicas, in the order of choice; fewer, where room ends.

    Per node: `here` are the replicas of the service, `total` those of all, `room` how many more it takes.
    """
    rows = np.flatnonzero(room)
    here, total, room = here[rows], total[rows], room[rows]
    level = _level(here, room, count)
    taken = np.clip(level - here, 0, room)
    next_up = np.flatnonzero((here + taken == level) & (taken < room))
    left = min(count - int(taken.sum()), len(next_up))
    taken[next_up[_first_by((total + taken)[next_up], left)]] += 1
    return rows[_in_order(here, total, taken)]


def pack(order: Rows, room: Counts, count: int) -> Rows:
    """The same, where each node in turn is filled as far as it goes. Per node: how many more it takes."""
    room = room[order]
    before = np.cumsum(room) - room
    return np.repeat(order, np.clip(count - before, 0, room))


def _level(here: Counts, room: Counts, count: int) -> int:
    """The highest level up to which there are no more than `count` places."""
    low, high = 0, int((here + room).max(initial=0))
    while low < high:
        middle = (low + high + 1) // 2
        if np.clip(middle - here, 0, room).sum() <= count:
            low = middle
        else:
            high = middle - 1
    return low


def _first_by(values: Counts, count: int) -> Rows:
    """The indices of the `count` smallest, the smallest first; of equals the first."""
    if not count:
        return np.empty(0, dtype=np.intp)
    size = len(values)
    both = values * size + np.arange(size)
    return np.sort(np.partition(both, count - 1)[:count]) % size


def _in_order(here: Counts, total: Counts, taken: Counts) -> Rows:
    """Each node as often as it is taken: by level, then by total, then by name."""
    node = np.repeat(np.arange(len(taken)), taken)
    earlier = np.arange(len(node)) - np.repeat(np.cumsum(taken) - taken, taken)
    return node[np.lexsort((total[node] + earlier, here[node] + earlier))]
