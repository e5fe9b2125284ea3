"""A look at nodes, which changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from orchestrate.model.node import Node
from orchestrate.model.observed.node import ObservedNode


class Observer(Protocol):
    """A look at nodes changes nothing. A node that does not answer is part of what is seen."""

    def start(self, images: Sequence[str] = ()) -> Callable[[], tuple[ObservedNode, ...]]:
        """Begin to ask every node of the inventory; calling what is returned waits for the answers.

        Some of the nodes are also asked what the tags of these images stand for.
        """
        ...

    def ask(self, nodes: Sequence[Node]) -> tuple[ObservedNode, ...]:
        """Ask these nodes alone; the inventory need not have them."""
        ...
