"""What `status`, `ps` and `nodes` show: rows, ready for a table or for JSON."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    project: str
    service: str
    mode: str
    passing: int
    wanted: int
    image: str
    ingress: str
    ports: tuple[str, ...]
    """`n1,n2:8080->80`: the proxies, or the one address of theirs, that answer at 8080."""
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaRow:
    replica: str
    node: str
    state: str
    health: str
    address: str
    ports: tuple[str, ...]
    """`53->53/udp`: those of its node."""
    image: str
    revision: str
    container: str
    started_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRow:
    node: str
    status: str
    availability: str
    parts: tuple[str, ...]
    replicas: int
    cpus: str
    memory: str
    resources: tuple[str, ...]
    """`gpu 1/2`: what is reserved of all else that the inventory says it has."""
    foreign: tuple[str, ...]
    """`1.5 GiB`: what of it containers have that are not ours, if that counts."""
    labels: str
    problems: tuple[str, ...]
