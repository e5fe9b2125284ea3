"""The scheduler as one would write it without a thought for speed: replica by replica, node by node.

The properties hold the real one against it, and so does the benchmark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orchestrate.model.constraint import Constraint
from orchestrate.scheduler.demand import CPUS, MEMORY, Demand, Device, ServiceKey
from orchestrate.scheduler.traits import Traits


@dataclass(slots=True, kw_only=True)
class PlainNode:
    name: str
    traits: Traits
    capacity: Mapping[str, int]
    used: Counter[str] = field(default_factory=Counter)
    replicas: Counter[ServiceKey] = field(default_factory=Counter)
    ports: set[tuple[int, str]] = field(default_factory=set)
    mounted: set[tuple[str, ServiceKey]] = field(default_factory=set)
    devices: set[Device] = field(default_factory=set)


def place_plainly(nodes: Sequence[PlainNode], demand: Demand, count: int = 1) -> list[str]:
    """The node of each of `count` replicas, fewer where there is no room; they are booked."""
    chosen: list[str] = []
    for _ in range(count):
        fitting = [node for node in nodes if can_take(node, demand)]
        if not fitting:
            break
        best = min(fitting, key=lambda node: rank(node, demand, nodes))
        take(best, demand)
        chosen.append(best.name)
    return chosen


def can_take(node: PlainNode, demand: Demand) -> bool:
    return (
        not node.traits.shut
        and all(holds(one, node) for one in demand.constraints)
        and demand.platform in {"", f"{node.traits.os}/{node.traits.arch}"}
        and all(
            node.used[kind] + need <= node.capacity[kind] for kind, need in demand.needs.items()
        )
        and all(node.capacity[kind] > 0 and not node.used[kind] for kind in demand.claims.whole)
        and not node.devices & set(demand.claims.devices)
        and not node.ports & set(demand.claims.ports)
        and not node.mounted & {(name, demand.service) for name in demand.claims.volumes}
        and (not demand.most_per_node or node.replicas[demand.service] < demand.most_per_node)
    )


def holds(constraint: Constraint, node: PlainNode) -> bool:
    has_it = not set(constraint.values).isdisjoint(known(node).get(constraint.key, []))
    return has_it == (constraint.operator in {"==", "in"})


def known(node: PlainNode) -> dict[str, list[str]]:
    return {
        "node.hostname": [node.name],
        "node.group": sorted(node.traits.groups),
        "node.platform.os": [node.traits.os],
        "node.platform.arch": [node.traits.arch],
    } | {f"node.labels.{name}": [value] for name, value in node.traits.labels}


def rank(node: PlainNode, demand: Demand, nodes: Sequence[PlainNode]) -> tuple[object, ...]:
    """The least is the best."""
    preferred = [
        sum(
            other.replicas[demand.service]
            for other in nodes
            if branch(other, demand.preferences[:depth]) == branch(node, demand.preferences[:depth])
        )
        for depth in range(1, len(demand.preferences) + 1)
    ]
    total, failed = node.replicas.total(), demand.failed.get(node.name, 0)
    if demand.strategy == "binpack":
        return failed, *preferred, -fullness(node, demand), -total, node.name
    return failed, *preferred, node.replicas[demand.service], total, node.name


def branch(node: PlainNode, keys: Sequence[str]) -> list[list[str]]:
    return [known(node).get(key, []) for key in keys]


def fullness(node: PlainNode, demand: Demand) -> float:
    shares = [
        (node.used[kind] + demand.needs.get(kind, 0)) / max(node.capacity[kind], 1)
        for kind in (MEMORY, CPUS)
    ]
    return sum(shares)


def take(node: PlainNode, demand: Demand) -> None:
    node.used.update(demand.needs)
    node.replicas[demand.service] += 1
    node.ports |= set(demand.claims.ports)
    node.used.update({kind: node.capacity[kind] - node.used[kind] for kind in demand.claims.whole})
    node.devices |= set(demand.claims.devices)
    node.mounted |= {(name, demand.service) for name in demand.claims.volumes}
