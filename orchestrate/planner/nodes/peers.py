"""Peers: a node that was away while others joined has to learn of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import SetPeers


def members(observed: Observed, gone: Collection[str]) -> tuple[ObservedNode, ...]:
    """Return the hosts that stay in the network; standby hosts keep their place in it."""
    known = (node for node in (*observed.nodes, *observed.standby) if node.name not in gone)
    return tuple(sorted(known, key=lambda node: node.name))


def unaware(observed: Observed, repairable: Iterable[ObservedNode]) -> Iterator[SetPeers]:
    """Nodes that lack a route to another. While some leave, it is said who stays when they have left."""
    if any(node.is_leaving for node in observed.nodes):
        return
    staying = members(observed, observed.forgotten)
    connected = {node.name for node in staying if node.answered and node.network.subnet}
    reached = connected & {node.name for node in (*repairable, *observed.standby)}
    unknown = _Unknown(connected)
    for node in staying:
        if node.name not in reached:
            continue
        lacking = sorted(unknown[node.network.peers] - {node.name})
        if lacking:
            yield set_peers(node, staying, f"does not know {', '.join(lacking)}")


class _Unknown(dict[frozenset[str], frozenset[str]]):
    """Peers -> the connected nodes that are not among them, computed once for all nodes with the same peers."""

    def __init__(self, connected: Collection[str]) -> None:
        super().__init__()
        self._connected = frozenset(connected)

    def __missing__(self, peers: frozenset[str]) -> frozenset[str]:
        return self.setdefault(peers, self._connected - peers)


def set_peers(node: ObservedNode, staying: Collection[ObservedNode], reason: str) -> SetPeers:
    return SetPeers(
        node=node.name,
        reason=reason,
        peers=tuple(one.name for one in staying),
        bridged=node.node.runs_containers or node.node.stands_by,
    )
