"""The snapshot of the cluster at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrate.model.observed.node import ObservedNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The snapshot that a plan is made from. `at` is its moment, seconds since the epoch; nodes by name."""

    at: float
    nodes: tuple[ObservedNode, ...] = ()
    forgotten: frozenset[str] = frozenset()
    """Names of nodes that are neither in the inventory nor alive, and that nobody waits for."""
    servers: Mapping[str, bool] = field(default_factory=dict)
    """The Consul servers that have a vote, and whether they are alive; looked up when a node is leaving."""
    standby: tuple[ObservedNode, ...] = ()
    """Hosts that are no nodes yet, and may become some when there is no room."""
    added_at: float | None = None
    """When nodes were last made, or were to be."""
