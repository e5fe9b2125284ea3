"""How the tool itself runs: `orchestrate.yml`, every key of which has a default."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from orchestrate.model.node_pool import NewNode

Strategy = Literal["spread", "binpack"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPatterns:
    """Host patterns are Ansible's; empty means the default that `adapters.ansible.nodes` states."""

    nodes: str = "all"
    consul_servers: str = ""
    proxies: str = ""
    standby: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """The nodes that come when there is no room, and go when they have nothing to do."""

    max_nodes: int = 0
    """How many nodes there may be, with those that are added; 0: it is not said."""
    add_node: NewNode | None = None
    remove_node: str = ""
    """The playbook that takes away what `add_node` made; empty: it stays."""
    add_again_after_s: float = 600
    """After nodes were made, or could not be woken."""
    give_back_after_s: float = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a cluster, each with its default."""

    hosts: HostPatterns = field(default_factory=HostPatterns)
    consul_address: str = ""
    """`http://host:port` of a Consul agent that the controller reaches itself; empty: through SSH."""
    lost_after_s: float = 30
    max_unknown_share: float = 0.5
    rebalance: bool = False
    """True if every cycle evens out what runs well."""
    count_foreign: bool = False
    """True if the share of containers that are not ours counts on their node."""
    strategy: Strategy = "spread"
    """How replicas are placed whose service does not say."""
    pool: PoolSettings = field(default_factory=PoolSettings)
    start_deadline_s: float = 60
    file: str = field(default="", compare=False)
    """Where they were read; empty: nowhere."""
