"""Scope: which nodes a cycle may change, and how far it may go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """`limit` holds the names of the nodes that may be changed (`--limit`); None: all of them.

    `rebalances`: when all is as desired, running replicas are evened out. `insists`: nodes are added now if
    they would help, however recently an attempt failed.
    """

    limit: frozenset[str] | None = None
    rebalances: bool = False
    insists: bool = False

    @property
    def is_whole(self) -> bool:
        return self.limit is None

    def includes(self, node: str) -> bool:
        return self.limit is None or node in self.limit

    def covers(self, nodes: Collection[str]) -> bool:
        return self.limit is None or self.limit.issuperset(nodes)
