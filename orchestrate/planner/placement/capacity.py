"""What the nodes have for replicas: what the inventory says, else what was seen, less the system's share."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrate.model.observed.node import ObservedNode
from orchestrate.planner.placement.addresses import free_addresses
from orchestrate.planner.placement.demand import countable
from orchestrate.scheduler.demand import ADDRESSES, CORE, CPUS, MEMORY, PIDS, generic_kind

_ANY_NUMBER = 1 << 32
_UNITS = {MEMORY: 1, CPUS: CORE, PIDS: 1}


def kind_of(name: str) -> str:
    """Of what has this name in the inventory."""
    return name if name in _UNITS else generic_kind(name)


def capacities(nodes: Sequence[ObservedNode]) -> dict[str, list[int]]:
    """Of each kind, what each node has. Nobody sees how many processes a node bears: that has to be said."""
    said = {name for node in nodes for name in node.node.capacity} - _UNITS.keys()
    return {
        MEMORY: [_room(node, MEMORY, node.capacity.memory) for node in nodes],
        CPUS: [_room(node, CPUS, node.capacity.cpus) for node in nodes],
        PIDS: [_room(node, PIDS, _ANY_NUMBER) for node in nodes],
        ADDRESSES: [free_addresses(node) for node in nodes],
        **{kind_of(name): [_room(node, name, 0) for node in nodes] for name in sorted(said)},
    }


def foreign_share(node: ObservedNode) -> dict[str, int]:
    """What of it is not for replicas as somebody else's containers have it; nothing, unless that counts."""
    return {
        kind: countable(amount * _UNITS[kind])
        for kind, amount in node.capacity.foreign.items()
        if kind in _UNITS
    }


def _room(node: ObservedNode, name: str, seen: float) -> int:
    amount = node.node.capacity.get(name, seen) - node.node.reserve.get(name, 0)
    return countable(amount * _UNITS.get(name, 1))
