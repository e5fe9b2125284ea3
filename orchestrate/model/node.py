"""A node as the inventory and the operator name it, before anything is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Availability = Literal["active", "cordoned", "draining", "leaving", "forgotten"]
"""`leaving`: it is no longer in the inventory. `forgotten`: it is dead, and what it held is given up."""
Added = Literal["", "woken", "made"]
"""How a cycle came by a node: it stood by, or a playbook of the team's own made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeResources:
    """The resources that the inventory gives a node: `memory` in bytes, `cpus` in cores, others counted."""

    capacity: Mapping[str, float] = field(default_factory=dict)
    """Takes the place of what is found on the node; generic resources stand here by name."""
    reserve: Mapping[str, float] = field(default_factory=dict)
    """The system's share, which is not for replicas."""


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
    is_leaving: bool = False
    """The inventory no longer has it; what is known of it is from the journal."""
    way: Mapping[str, Any] = field(default_factory=dict)
    """What else Ansible has to know to reach it; nothing of it is secret."""
    resources: NodeResources = field(default_factory=NodeResources)
    stands_by: bool = False
    """It runs containers only while there is no room elsewhere."""

    def woken(self) -> Node:
        """The host as a node that runs containers."""
        return replace(self, runs_containers=True)
