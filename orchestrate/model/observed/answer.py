"""A node's answer. A node that does not answer is unknown, never empty and never sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrate.model.observed.parts import ConsulAgent, Engine, NodeNetwork, Proxy


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """The capacity of a node, and the part of it that is taken already."""

    cpus: float = 0
    memory: int = 0
    """In bytes."""
    platform: Mapping[str, str] = field(default_factory=dict)
    foreign: Mapping[str, float] = field(default_factory=dict)
    """The share of others' containers: `memory` in bytes, `cpus`, `pids`; empty where it does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A node's answer; by default the silence of a node that gave none."""

    answered: bool = False
    detail: str = ""
    """Why there is no answer."""
    now: float = 0
    """The time on the node's own clock when it answered, seconds since the epoch."""
    capacity: Capacity = field(default_factory=Capacity)
    engine: Engine = field(default_factory=lambda: Engine(state="unknown"))
    network: NodeNetwork = field(default_factory=lambda: NodeNetwork(state="unknown"))
    consul: ConsulAgent = field(default_factory=lambda: ConsulAgent(state="unknown"))
    proxy: Proxy = field(default_factory=lambda: Proxy(state="unknown"))
