"""Preemption: a replica that fits nowhere takes the place of less important ones, of as few as will do.

Only where it then fits; and what is equally important is never touched, so that nothing is pushed back and
forth. Of all nodes it is the one where what has nowhere else to go is the least important, and the fewest.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from orchestrate.model.plan import StartReplica, StopReplica
from orchestrate.planner.contention.victims import Victim, smallest_set
from orchestrate.planner.placement.ledger import Account, Ledger
from orchestrate.planner.placement.place import Placement, place, place_among, where_the_data_is
from orchestrate.planner.services.missing import Unplaced
from orchestrate.planner.services.replacement import start_on, stop
from orchestrate.planner.services.slots import Slot
from orchestrate.planner.steps import Phase, Unit
from orchestrate.scheduler.demand import ServiceKey
from orchestrate.scheduler.filters import admitted, eligible
from orchestrate.scheduler.rank import load
from orchestrate.scheduler.table import Mask

Priorities = tuple[int, ...]
"""The highest first: of two the lesser is of the less important, and of equals of the fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """The unit that starts the replica, and the replicas that have lost their place to it."""

    unit: Unit
    lost: tuple[Unplaced, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """`ledger` is as it will be when all else of the plan is done; `present` is as it is, and lends addresses.

    `rivals`, by node, are all that is settled; who is pushed is taken out. `within` are the nodes that may be
    changed.
    """

    ledger: Ledger
    present: Ledger
    rivals: Mapping[str, list[Victim]]
    within: Mask
    _without: set[ServiceKey] = field(default_factory=set)
    """The services for which no room is to be made anywhere."""

    def preempt(self, one: Unplaced, name: str) -> Push | None:
        """Make room for it, on the node `name` if there is one; None: none is to be made."""
        demand = self.ledger.demand(one.replica)
        if not self.rivals or demand.service in self._without:
            return None
        homes: dict[ServiceKey, Mask] = {}
        loads = load(self.ledger.table, demand)
        options = [
            (self._cost(going, account.row, homes), int(loads[account.row]), account.row, going)
            for account, going in self._options(one, [name] if name else sorted(self.rivals))
        ]
        for *_, row, going in sorted(options, key=lambda option: option[:3]):
            if found := self._pushed(one, self.ledger.table.names[row], going):
                return found
        if not name:
            self._without.add(demand.service)
        return None

    def _options(
        self, one: Unplaced, names: Iterable[str]
    ) -> Iterator[tuple[Account, Sequence[Victim]]]:
        """Each node on which there would be room, and who would have to leave it."""
        table, demand = self.ledger.table, self.ledger.demand(one.replica)
        data = None if one.nodes else where_the_data_is(demand, self.ledger)
        fit = eligible(table, demand) & self.within & (True if data is None else data)
        for account in (self.ledger[name] for name in names):
            rivals = self.rivals.get(account.node.name, ())
            free = {kind: int(table.left(kind)[account.row]) for kind in demand.needs}
            priority = one.replica.service.priority
            going = smallest_set(rivals, priority, demand, free) if fit[account.row] else None
            if going:
                yield account, going

    def _cost(
        self, going: Iterable[Victim], row: int, homes: dict[ServiceKey, Mask]
    ) -> tuple[Priorities, Priorities]:
        """Return the priorities of the victims that seem to fit nowhere else, and of all victims.

        `homes`: of each service the nodes that take one more of it.
        """
        lost: list[Victim] = []
        for one in going:
            demand = self.ledger.demand(one.change.slot.replica)
            if demand.service not in homes:
                homes[demand.service] = admitted(self.ledger.table, demand) & self.within
            home = homes[demand.service]
            if one.change.is_bound or np.count_nonzero(home) == home[row]:
                lost.append(one)
        return _priorities(lost), _priorities(going)

    def _pushed(self, one: Unplaced, name: str, going: Sequence[Victim]) -> Push | None:
        """None: it does not fit there even then."""
        account = self.ledger[name]
        with account.without([rival.change.kept.container for rival in going]) as trial:
            if place(one.replica, self.ledger, name).node is None:
                return None
            trial.keep()
        reason = f"makes room for {one.replica.label}, which is more important"
        moves: list[StartReplica] = []
        lost: list[Unplaced] = []
        for rival in sorted(going, key=lambda rival: -rival.priority):
            self.rivals[name].remove(rival)
            match self._moved(rival, account.row, reason):
                case StartReplica() as move:
                    moves.append(move)
                case unplaced:
                    rival.allowance.down += rival.change.kept.may_serve
                    lost.append(unplaced)
        start = start_on(self.present[name], one.slot, one.deadline_s)
        last: Phase = (*_stops(going, reason), start)
        phases = (tuple(moves), last) if moves else (last,)
        return Push(unit=Unit(label=one.replica.label, phases=phases), lost=tuple(lost))

    def _moved(self, rival: Victim, row: int, reason: str) -> StartReplica | Unplaced:
        """Its start on another node, if one takes it."""
        change, among = rival.change, self.within.copy()
        among[row] = False
        among &= not change.is_bound
        placement = place_among(change.slot.replica, self.ledger, among)
        if placement.node is None:
            return _unplaced(rival, placement)
        slot = dataclasses.replace(change.slot, reason=reason)
        return start_on(self.present[placement.node], slot, change.deadline_s)


def _priorities(rivals: Iterable[Victim]) -> Priorities:
    return tuple(sorted((one.priority for one in rivals), reverse=True))


def _stops(going: Iterable[Victim], reason: str) -> tuple[StopReplica, ...]:
    changes = (one.change for one in going)
    return tuple(stop(one.kept, reason, one.slot.replica.service) for one in changes)


def _unplaced(rival: Victim, placement: Placement) -> Unplaced:
    change = rival.change
    slot: Slot = dataclasses.replace(change.slot, reason="missing")
    return Unplaced(
        slot=slot,
        deadline_s=change.deadline_s,
        nodes=(change.kept.node.name,) if change.is_bound else (),
        refusals=placement.refusals,
    )
