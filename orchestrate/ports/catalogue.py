"""Consul's catalogue of nodes and registrations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from orchestrate.model.observed.catalogue import CatalogueView


class Catalogue(Protocol):
    def remembered(self, nodes: Iterable[str]) -> Mapping[str, CatalogueView]:
        """Return Consul's view of these nodes; a node that it does not know is not alive."""
        ...

    def servers(self) -> Mapping[str, bool]:
        """The servers that have a vote, by the names of their nodes, and whether they are alive."""
        ...

    def remove_node(self, node: str) -> None:
        """Take a node out: its agent, its vote, its entries. Nothing happens where there is none of it."""
        ...
