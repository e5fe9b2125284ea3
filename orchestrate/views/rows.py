"""The rows of `status`, `ps` and `nodes`: numbers and names, for a table, for JSON, for metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """How much of a capacity is reserved, in cores or pieces."""

    reserved: float
    capacity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryUsage(Usage):
    """The same in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignUsage:
    """Reservations of containers that are not ours: cores, bytes and processes."""

    cpus: float = 0
    memory: int = 0
    pids: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IngressRow:
    """The host (empty: any) and the path that the proxies route to the service."""

    host: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PortRow:
    """A published port. It answers at `address`, or where that is empty at every address of `nodes`.

    `nodes` None: the port is one of the replica's own node; empty: no proxy runs.
    """

    address: str
    nodes: tuple[str, ...] | None = None
    published: int | str
    target: int | str
    protocol: str = "tcp"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """`ports` are those that the proxies publish, `nodes` those with a replica that is passing."""

    project: str
    service: str
    mode: str
    passing: int
    wanted: int
    image: str
    ingress: IngressRow | None
    ports: tuple[PortRow, ...]
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaRow:
    """`ports` are those that the replica publishes on its own node."""

    replica: str
    node: str
    state: str
    health: str
    address: str
    ports: tuple[PortRow, ...]
    image: str
    revision: str
    container: str
    started_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    """`resources` are those that the inventory counts besides CPUs and memory.

    The usage is None where the node does not say what it has; `foreign` where foreign containers do not count.
    """

    node: str
    status: str
    availability: str
    parts: tuple[str, ...]
    replicas: int
    cpus: Usage | None
    memory: MemoryUsage | None
    resources: Mapping[str, Usage] = field(default_factory=dict)
    foreign: ForeignUsage | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
