"""The capacity of nodes: by the inventory, else by what was observed, less the system's share."""

from __future__ import annotations

from collections.abc import Sequence

from orchestrate.model.observed.node import ObservedNode
from orchestrate.planner.placement.addresses import free_addresses
from orchestrate.planner.placement.demand import countable
from orchestrate.scheduler.demand import ADDRESSES, CORE, CPUS, MEMORY, PIDS, generic_kind

_ANY_NUMBER = 1 << 32
_UNITS = {MEMORY: 1, CPUS: CORE, PIDS: 1}


def kind_of(name: str) -> str:
    """Return the kind that the inventory counts under this name."""
    return name if name in _UNITS else generic_kind(name)


def capacities(nodes: Sequence[ObservedNode]) -> dict[str, list[int]]:
    """Return the capacity of each node, by kind. The number of processes has to be set in the inventory."""
    said = {name for node in nodes for name in node.node.resources.capacity} - _UNITS.keys()
    return {
        MEMORY: [_room(node, MEMORY, node.capacity.memory) for node in nodes],
        CPUS: [_room(node, CPUS, node.capacity.cpus) for node in nodes],
        PIDS: [_room(node, PIDS, _ANY_NUMBER) for node in nodes],
        ADDRESSES: [free_addresses(node) for node in nodes],
        **{kind_of(name): [_room(node, name, 0) for node in nodes] for name in sorted(said)},
    }


def foreign_share(node: ObservedNode) -> dict[str, int]:
    """Return the amounts that foreign containers take; empty unless they count."""
    return {
        kind: countable(amount * _UNITS[kind])
        for kind, amount in node.capacity.foreign.items()
        if kind in _UNITS
    }


def _room(node: ObservedNode, name: str, seen: float) -> int:
    amount = node.node.resources.capacity.get(name, seen) - node.node.resources.reserve.get(name, 0)
    return countable(amount * _UNITS.get(name, 1))
