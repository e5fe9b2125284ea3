"""The candidates for preemption on a node, and the smallest set of them that is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from orchestrate.planner.containers.volumes import mounted_volumes
from orchestrate.planner.placement.demand import held_by, reserved_by
from orchestrate.planner.services.budget import Allowance
from orchestrate.planner.services.replacement import Change
from orchestrate.planner.services.work import Work
from orchestrate.scheduler.demand import Demand, Mark, hardware_mark, port_mark


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Victim:
    """A replica that is settled somewhere. `needs` and `marks` are what its node gets back for it."""

    change: Change
    allowance: Allowance
    needs: Mapping[str, int]
    marks: frozenset[Mark]

    @property
    def priority(self) -> int:
        return self.change.slot.replica.service.priority


def rivals_in(works: Iterable[Work], below: int) -> dict[str, list[Victim]]:
    """Return the candidates by node: settled replicas of a lower priority."""
    found: dict[str, list[Victim]] = defaultdict(list)
    for work in works:
        for change in work.settled:
            if change.slot.replica.service.priority < below and _can_go(change):
                rival = _rival(change, work.rollout.allowance)
                found[change.kept.node.name].append(rival)
    return found


def _can_go(change: Change) -> bool:
    """True if stopping the replica gives something back and it could start on another node."""
    has_data = bool(mounted_volumes(change.slot.replica.config))
    return not (has_data or change.kept.container.is_done or change.slot.others)


def _rival(change: Change, allowance: Allowance) -> Victim:
    container = change.kept.container
    return Victim(
        change=change,
        allowance=allowance,
        needs=reserved_by(container),
        marks=frozenset(held_by(container)),
    )


def smallest_set(
    rivals: Iterable[Victim], priority: int, demand: Demand, free: Mapping[str, int]
) -> list[Victim] | None:
    """Return the less important replicas that have to go to meet the demand; None: they do not suffice.

    `free` is what the node has left of each kind. Who is more important is spared first, and of equals who
    gives less; so nobody goes who need not.
    """
    going = _expendable([one for one in rivals if one.priority < priority], demand, free)
    room = {
        kind: free[kind] + sum(one.needs.get(kind, 0) for one in going) for kind in demand.needs
    }
    if any(room[kind] < amount for kind, amount in demand.needs.items()):
        return None
    marks = _asked_marks(demand)
    for one in reversed(going):
        left = {kind: amount - one.needs.get(kind, 0) for kind, amount in room.items()}
        is_enough = all(left[kind] >= amount for kind, amount in demand.needs.items())
        if is_enough and not one.marks & marks:
            going, room = [other for other in going if other is not one], left
    return going


def _expendable(rivals: Sequence[Victim], demand: Demand, free: Mapping[str, int]) -> list[Victim]:
    """Within the budgets, who gives most first of the least important."""
    ordered = sorted(rivals, key=lambda one: (one.priority, -_gives(one, demand, free), _name(one)))
    taken: dict[int, int] = defaultdict(int)
    found = []
    for one in ordered:
        allowance, serves = one.allowance, one.change.kept.may_serve
        if serves and not allowance.spares(taken[id(allowance)] + 1):
            continue
        taken[id(allowance)] += serves
        found.append(one)
    return found


def _gives(one: Victim, demand: Demand, free: Mapping[str, int]) -> float:
    """How much of what is lacking, in shares of it."""
    lacking = {kind: need - free[kind] for kind, need in demand.needs.items() if need > free[kind]}
    shares = (min(one.needs.get(kind, 0) / amount, 1) for kind, amount in lacking.items())
    return sum(shares) + bool(one.marks & _asked_marks(demand))


def _asked_marks(demand: Demand) -> frozenset[Mark]:
    ports = (port_mark(*port) for port in demand.claims.ports)
    address = demand.claims.hardware_address
    return frozenset((*ports, *((hardware_mark(address),) if address else ())))


def _name(one: Victim) -> tuple[str, str, int]:
    """Sort equal replicas so that the last one goes first."""
    replica = one.change.slot.replica
    return replica.project, replica.service.name, -replica.slot
