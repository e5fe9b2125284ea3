"""A node as the inventory and the operator name it, before anything is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Availability = Literal["active", "cordoned", "draining"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """`runs_containers`, `serves_consul` and `proxies` come from the host patterns of the settings."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    runs_containers: bool = True
    serves_consul: bool = False
    proxies: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)
    """Those of the inventory that a file asks for."""
    address: str = ""
    """Where Ansible reaches it, if that is an address and no name."""
    capacity: Mapping[str, float] = field(default_factory=dict)
    """What is said of its room: `memory` in bytes, `cpus` in cores, `pids`, and generic resources by name."""
    reserve: Mapping[str, float] = field(default_factory=dict)
    """What of it is the system's, and not for replicas."""
