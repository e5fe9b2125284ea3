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
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaRow:
    replica: str
    node: str
    state: str
    health: str
    address: str
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
    labels: str
    problems: tuple[str, ...]
