"""Evening out what runs well: only when it is asked for, and by as few moves as that takes.

A replica moves when another node would be strictly better for it than its own, were it placed now: by
preferences, then by replicas of the service, then by all replicas, as in placing. Of a service the replica on
the fullest node goes first; when that one gains nothing, no other one does. What fills nodes on purpose
(binpack), or has a volume or a port of the node, stays where it is.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator

from orchestrate.planner.placement.ledger import Ledger
from orchestrate.planner.services.replacement import Change, Rollout
from orchestrate.scheduler.demand import ServiceKey
from orchestrate.scheduler.place import better
from orchestrate.scheduler.rank import load


def rebalance(settled: Iterable[Change], ledger: Ledger) -> list[Rollout]:
    """Return the moves of each service, booked in the ledger beside what they move."""
    movable = (one for one in settled if one.kept.is_running and not one.is_bound)
    services: dict[ServiceKey, list[Change]] = defaultdict(list)
    for change in movable:
        replica = change.slot.replica
        services[replica.project, replica.service.name].append(change)
    found = ((changes, list(_moves(changes, ledger))) for _, changes in sorted(services.items()))
    return [
        Rollout(
            changes=deque(moves),
            parallelism=changes[0].slot.replica.service.deploy.update.parallelism,
        )
        for changes, moves in found
        if moves
    ]


def _moves(changes: list[Change], ledger: Ledger) -> Iterator[Change]:
    demand = ledger.demand(changes[0].slot.replica)
    left = [] if demand.is_alone or demand.strategy != "spread" else sorted(changes, key=_slot)
    while left:
        loads = load(ledger.table, demand)
        fullest = max(left, key=lambda change: (loads[_row(change, ledger)], _row(change, ledger)))
        left.remove(fullest)
        moved = _moved(fullest, ledger)
        if moved is None:
            return
        yield moved


def _moved(change: Change, ledger: Ledger) -> Change | None:
    replica, container = change.slot.replica, change.kept.container
    origin, demand = ledger[change.kept.node.name], ledger.demand(replica)
    with origin.without([container]) as trial:
        row = better(ledger.table, demand, origin.row)
        if row is None:
            return None
        trial.keep()
    origin.hold(container)
    ledger.table.book(demand, row)
    to = ledger.table.names[row]
    reason = f"rebalance: {to} has less to do than {origin.node.name}"
    slot = dataclasses.replace(change.slot, verdict="replace", must_move=True, reason=reason)
    return dataclasses.replace(change, slot=slot, to=to)


def _slot(change: Change) -> int:
    return -change.slot.replica.slot


def _row(change: Change, ledger: Ledger) -> int:
    return ledger[change.kept.node.name].row
