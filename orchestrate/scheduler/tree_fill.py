"""Many equal replicas over the branches of preferences, to where they would come one by one.

Of each leaf only the best node has to be known. Each replica goes to the best node of the best leaf, and only
that leaf, and the branches that it is on, are then looked at again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestrate.scheduler.branches import Tree
from orchestrate.scheduler.rank import STEP
from orchestrate.scheduler.table import Counts, Rows

_NO_ROOM = np.iinfo(np.int64).max


@dataclass(slots=True)
class TreeFill:
    """Per node: `load`, the least of which is the best, and `room`. Both change as nodes are taken.

    `held_on`: for each level of the tree, the replicas that the branch of each leaf has.
    """

    tree: Tree
    load: Counts
    room: Counts
    held_on: list[Counts]

    def take(self, count: int) -> Rows:
        """The node of each of `count` replicas, in the order of choice; fewer, where room ends."""
        self.load[self.room == 0] = _NO_ROOM
        members = _members(self.tree.leaf)
        best = np.array([rows[self.load[rows].argmin()] for rows in members], dtype=np.intp)
        taken: list[int] = []
        while len(taken) < count and (leaf := self._best_leaf(best)) is not None:
            taken.append(int(best[leaf]))
            self._take(leaf, taken[-1])
            best[leaf] = members[leaf][self.load[members[leaf]].argmin()]
        return np.array(taken, dtype=np.intp)

    def _best_leaf(self, best: Rows) -> int | None:
        """Return the best leaf: by the replicas on its branches, from the trunk on, then by its best node."""
        loads = self.load[best]
        is_full = loads == _NO_ROOM
        leaf = int(np.lexsort((best, loads, *reversed(self.held_on), is_full))[0])
        return None if is_full[leaf] else leaf

    def _take(self, leaf: int, row: int) -> None:
        self.room[row] -= 1
        self.load[row] = self.load[row] + STEP if self.room[row] else _NO_ROOM
        for level, held in zip(self.tree.levels, self.held_on, strict=True):
            held[level == level[leaf]] += 1


def _members(leaf: Rows) -> list[Rows]:
    """The nodes of each leaf."""
    order = np.argsort(leaf, kind="stable")
    return np.split(order, np.cumsum(np.bincount(leaf))[:-1])
