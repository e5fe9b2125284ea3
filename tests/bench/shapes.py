"""Clusters and what is to be placed on them, in the shapes whose figures others have published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from orchestrate.scheduler.demand import ADDRESSES, CORE, CPUS, MEMORY, Demand
from orchestrate.scheduler.place import place_many, place_one
from orchestrate.scheduler.table import Table, open_table
from orchestrate.scheduler.traits import Identity, Traits
from orchestrate.spec.constraints import parse_constraint

GIB = 1 << 30
RACKS, ZONES = 50, 3
HALF = (parse_constraint("node.labels.half == a"),)
ZONE = (parse_constraint("node.labels.zone == z1"),)


@dataclass(frozen=True, slots=True)
class Shape:
    """What is there, and the services to be placed, `count` replicas of each together (1: one by one)."""

    table: Table
    wanted: Sequence[Demand]
    count: int = 1

    def decide(self) -> Iterator[tuple[Demand, Sequence[str]]]:
        """Each service, or each single replica, and the nodes that it was given."""
        names = self.table.names
        for demand in self.wanted:
            if self.count == 1:
                row = place_one(self.table, demand)
                yield demand, () if row is None else (names[row],)
            else:
                rows = place_many(self.table, demand, self.count)
                yield demand, [names[row] for row in rows]


def distinct() -> Shape:
    table = cluster(5000)
    for demand in demands(5000, "before"):
        place_one(table, demand)
    return Shape(table, list(demands(50_000)))


def halved() -> Shape:
    return Shape(cluster(5000), [replace(one, constraints=HALF) for one in demands(1000)], 1000)


def thousands() -> Shape:
    return Shape(cluster(10_000), list(demands(1000)), 1000)


def hundreds() -> Shape:
    return Shape(cluster(10_000), list(demands(10_000)), 100)


def apart() -> Shape:
    return Shape(cluster(5000), [replace(next(demands(1)), most_per_node=1)] * 5000)


def in_a_zone() -> Shape:
    return Shape(cluster(5000), [replace(next(demands(1)), constraints=ZONE)] * 5000)


def over_zones() -> Shape:
    wanted = replace(next(demands(1)), preferences=("node.labels.zone", "node.labels.rack"))
    return Shape(cluster(5000), [wanted] * 5000)


def over_zones_together() -> Shape:
    wanted = replace(next(demands(1)), preferences=("node.labels.zone", "node.labels.rack"))
    return Shape(cluster(5000), [wanted], 5000)


def cluster(nodes: int) -> Table:
    """Empty, of nodes with room for some hundred replicas each, in racks, zones and halves."""
    traits = [
        Traits(
            labels=(
                ("half", "ab"[number % 2]),
                ("rack", f"r{number % RACKS}"),
                ("zone", f"z{number % ZONES}"),
            ),
            os="linux",
            arch="amd64",
        )
        for number in range(nodes)
    ]
    capacity = {MEMORY: 512 * GIB, CPUS: 256 * CORE, ADDRESSES: 4096}
    columns = {kind: [most] * nodes for kind, most in capacity.items()}
    return open_table([Identity(f"n{number:05}") for number in range(nodes)], traits, columns)


def demands(count: int, prefix: str = "s") -> Iterator[Demand]:
    """One for each service. Those beside each other do not reserve the same."""
    for number in range(count):
        needs = {
            MEMORY: (number % 997 + 1) * GIB // 1000,
            CPUS: (number % 499 + 1) * CORE // 1000,
            ADDRESSES: 1,
        }
        yield Demand(service=("bench", f"{prefix}{number}"), needs=needs)
