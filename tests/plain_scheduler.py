"""The scheduler as one would write it without a thought for speed: replica by replica, node by node.

The properties hold the real one against it, and so does the benchmark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestrate.model.constraint import Constraint
from orchestrate.scheduler.demand import Demand, Service
from orchestrate.scheduler.traits import Traits


@dataclass(slots=True, kw_only=True)
class PlainNode:
    name: str
    traits: Traits
    capacity: Sequence[int]
    used: Counter[int] = field(default_factory=Counter)
    replicas: Counter[Service] = field(default_factory=Counter)
    ports: set[tuple[int, str]] = field(default_factory=set)
    mounted: set[tuple[str, Service]] = field(default_factory=set)


def place_plainly(nodes: Sequence[PlainNode], demand: Demand, count: int = 1) -> list[str]:
    """The node of each of `count` replicas, fewer where there is no room; they are booked."""
    chosen: list[str] = []
    for _ in range(count):
        fitting = [node for node in nodes if can_take(node, demand)]
        if not fitting:
            break
        best = min(fitting, key=lambda node: rank(node, demand))
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
        and not node.ports & set(demand.ports)
        and not node.mounted & {(name, demand.service) for name in demand.volumes}
        and (not demand.most_per_node or node.replicas[demand.service] < demand.most_per_node)
    )


def holds(constraint: Constraint, node: PlainNode) -> bool:
    found = {
        "node.hostname": [node.name],
        "node.group": [*node.traits.groups],
        "node.platform.os": [node.traits.os],
        "node.platform.arch": [node.traits.arch],
    } | {f"node.labels.{name}": [value] for name, value in node.traits.labels}
    is_equal = constraint.value in found.get(constraint.key, [])
    return is_equal == (constraint.operator == "==")


def rank(node: PlainNode, demand: Demand) -> tuple[int, int, str]:
    return node.replicas[demand.service], node.replicas.total(), node.name


def take(node: PlainNode, demand: Demand) -> None:
    node.used.update(demand.needs)
    node.replicas[demand.service] += 1
    node.ports |= set(demand.ports)
    node.mounted |= {(name, demand.service) for name in demand.volumes}
