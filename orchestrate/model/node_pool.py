"""Nodes that come when there is no room, and go when they have nothing to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNode:
    """`playbook` makes nodes; all of them have this room, these labels, and are in these groups."""

    playbook: str
    capacity: Mapping[str, float]
    labels: Mapping[str, str] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """The last time that nodes were made. `before` are the hosts there were until then; None: it is over."""

    tried_at: float | None = None
    count: int = 0
    before: tuple[str, ...] | None = None
    index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeNode:
    """Use a host that stands by. `needed_by` are the replicas that fit nowhere else."""

    node: str
    reason: str
    needed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNodes:
    """Have the team's playbook make nodes."""

    playbook: str
    count: int
    reason: str
    needed_by: tuple[str, ...]

    @property
    def node(self) -> str:
        return "a new node" if self.count == 1 else f"{self.count} new nodes"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNode:
    """Use an added node no longer."""

    node: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveNode:
    """Have the team's playbook take away what it has made."""

    playbook: str
    node: str
    reason: str


PoolAction = WakeNode | AddNodes | ReleaseNode | RemoveNode
