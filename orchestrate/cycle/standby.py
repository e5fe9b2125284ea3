"""Hosts that stand by: no nodes, but for those that were woken."""

from __future__ import annotations

from dataclasses import replace

from orchestrate.model.journal import NodeRecord
from orchestrate.model.observed import Observed, ObservedNode


def with_record(node: ObservedNode, record: NodeRecord) -> ObservedNode:
    """The node with what the journal knows of how it came."""
    is_woken = node.node.stands_by and record.added == "woken"
    return replace(
        node,
        node=replace(node.node, runs_containers=True) if is_woken else node.node,
        added=record.added if is_woken or record.added == "made" else "",
        empty_since=record.empty_since,
        tried_at=record.tried_at,
    )


def split_standby(observed: Observed) -> Observed:
    """Those that have no part in the cluster now are none of its nodes, and nobody waits for their answers."""
    nodes = tuple(node for node in observed.nodes if not _is_idle(node))
    standby = tuple(node for node in observed.nodes if _is_idle(node))
    return replace(observed, nodes=nodes, standby=standby)


def _is_idle(node: ObservedNode) -> bool:
    """It may still have replicas, if it was woken and is used no longer."""
    host = node.node
    has_part = host.runs_containers or host.serves_consul or host.proxies
    return host.stands_by and not has_part and not node.containers
