"""Hosts that stand by: no nodes, but for those that were woken."""

from __future__ import annotations

from dataclasses import replace

from orchestrate.model.journal import NodeRecord
from orchestrate.model.node import Added, Node
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode


def as_used(host: Node, record: NodeRecord) -> Node:
    """A host that stands by runs containers if it was woken."""
    return host.woken() if _is_woken(host, record) else host


def added(host: Node, record: NodeRecord) -> Added:
    """Return how a cycle came by the node; that it was woken counts only while it stands by."""
    return record.added if record.added == "made" or _is_woken(host, record) else ""


def _is_woken(host: Node, record: NodeRecord) -> bool:
    return host.stands_by and record.added == "woken"


def split_standby(observed: Observed) -> Observed:
    """Set the hosts apart that have no part in the cluster now: nobody waits for their answers."""
    nodes = tuple(node for node in observed.nodes if not _is_idle(node))
    standby = tuple(node for node in observed.nodes if _is_idle(node))
    return replace(observed, nodes=nodes, standby=standby)


def _is_idle(node: ObservedNode) -> bool:
    """True if a standby host has no part; it may still have replicas if it was woken before."""
    host = node.node
    has_part = host.runs_containers or host.serves_consul or host.proxies
    return host.stands_by and not has_part and not node.engine.containers
