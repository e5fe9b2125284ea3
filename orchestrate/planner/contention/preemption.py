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

    def _pushed(self, candidate: Unplaced, name: str, going: Sequence[Victim]) -> Push | None:
        """Start it there in the place of the victims; None: it does not fit there even then."""
        account = self.ledger[name]
        with account.without([victim.change.kept.container for victim in going]) as trial:
            if place(candidate.replica, self.ledger, name).node is None:
                return None
            trial.keep()
        reason = f"makes room for {candidate.replica.label}, which is more important"
        outcomes = self._displaced(name, going, reason)
        moves = tuple(move for move in outcomes if isinstance(move, StartReplica))
        start = start_on(self.present[name], candidate.slot, candidate.deadline_s)
        last: Phase = (*_stops(going, reason), start)
        unit = Unit(label=candidate.replica.label, phases=(moves, last) if moves else (last,))
        return Push(unit=unit, lost=tuple(lost for lost in outcomes if isinstance(lost, Unplaced)))

    def _displaced(
        self, name: str, going: Iterable[Victim], reason: str
    ) -> list[StartReplica | Unplaced]:
        """Move the victims to other nodes, the most important first; some find no place."""
        outcomes: list[StartReplica | Unplaced] = []
        for victim in sorted(going, key=lambda victim: -victim.priority):
            self.rivals[name].remove(victim)
            outcome = self._moved(victim, self.ledger[name].row, reason)
            if isinstance(outcome, Unplaced):
                victim.allowance.down += victim.change.kept.may_serve
            outcomes.append(outcome)
        return outcomes

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
