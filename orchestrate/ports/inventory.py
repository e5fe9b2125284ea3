"""The hosts that the user names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from orchestrate.model.node import Node


class Inventory(Protocol):
    """The hosts that the user names."""

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The hosts that play a part, sorted by name."""
        ...

    def node_variables(self, names: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """Return by node those of the named variables that are texts or numbers there."""
        ...

    def refresh(self) -> None:
        """Read it anew: a playbook of the team's own has changed it."""
        ...
