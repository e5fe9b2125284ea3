"""Attempt: the failures of the running cycle, which are left alone for the rest of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`failed` has for each project that failed the reason why.

    `unrepaired` are the nodes of which a part could not be repaired, `provisioned` the nodes that were
    provisioned, with or without success.
    """

    failed: Mapping[str, str] = field(default_factory=dict)
    unrepaired: frozenset[str] = frozenset()
    provisioned: frozenset[str] = frozenset()

    def with_failed(self, reasons: Mapping[str, str]) -> Attempt:
        """The reason that was given first stays."""
        return replace(self, failed={**reasons, **self.failed})

    def with_unrepaired(self, nodes: Iterable[str]) -> Attempt:
        return replace(self, unrepaired=self.unrepaired.union(nodes))

    def with_provisioned(self, nodes: Iterable[str]) -> Attempt:
        return replace(self, provisioned=self.provisioned.union(nodes))
