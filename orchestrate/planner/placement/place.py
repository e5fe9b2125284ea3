"""Which node gets a replica: the scheduler's choice, but a replica goes where its data is.

A replica with a local volume runs on a node that holds it; only when no such node is left, anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestrate.model.plan import Replica
from orchestrate.planner.placement.filters import explain
from orchestrate.planner.placement.ledger import Ledger
from orchestrate.scheduler.demand import Demand
from orchestrate.scheduler.filters import Refusal, refusals
from orchestrate.scheduler.place import place_many, place_one
from orchestrate.scheduler.table import Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The node, or why there is none: the reasons, and the nodes that each of them rules out."""

    node: str | None
    refusals: tuple[Refusal, ...] = ()

    @property
    def why_not(self) -> str:
        return explain(self.refusals)


def place(replica: Replica, ledger: Ledger, only: str = "") -> Placement:
    """Choose a node, `only` that one if it is named, and book the replica there."""
    demand = ledger.demand(replica)
    among = ledger.only(only) if only else where_the_data_is(demand, ledger)
    row = place_one(ledger.table, demand, among)
    if row is None:
        return Placement(node=None, refusals=refusals(ledger.table, demand, among))
    return Placement(node=ledger.table.names[row])


def place_among(replica: Replica, ledger: Ledger, among: Mask) -> Placement:
    """Choose one of some nodes for a replica without data, and book it there."""
    demand = ledger.demand(replica)
    row = place_one(ledger.table, demand, among)
    if row is None:
        return Placement(node=None, refusals=refusals(ledger.table, demand))
    return Placement(node=ledger.table.names[row])


def place_all(replicas: Sequence[Replica], ledger: Ledger) -> list[Placement]:
    """The same for replicas of one service, together where each may go anywhere."""
    if not replicas:
        return []
    table, demand = ledger.table, ledger.demand(replicas[0])
    if demand.claims.volumes:
        return [place(replica, ledger) for replica in replicas]
    placed = [Placement(node=table.names[row]) for row in place_many(table, demand, len(replicas))]
    left = len(replicas) - len(placed)
    if not left:
        return placed
    return [*placed, *[Placement(node=None, refusals=refusals(table, demand))] * left]


def is_bound_to_data(replica: Replica, ledger: Ledger) -> bool:
    """True if the replica has to go where its data is."""
    return where_the_data_is(ledger.demand(replica), ledger) is not None


def where_the_data_is(demand: Demand, ledger: Ledger) -> Mask | None:
    """The nodes that hold the replica's volumes, unless each already serves another replica of it.

    Data that was given up comes after all other, but before none: an old copy is better than an empty disk.
    """
    if not demand.claims.volumes:
        return None
    here = ledger.table.here(demand.service)
    for holders in (ledger.with_data, ledger.with_copy):
        free = holders(demand.claims.volumes) & (True if here is None else here == 0)
        if free.any():
            return free
    return None
