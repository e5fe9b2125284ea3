"""Replicas that no node takes: they preempt less important ones, or wait and say why."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import chain, count

import numpy as np

from orchestrate.model.plan import Replica, StartReplica, Step, StopReplica, Unmet
from orchestrate.model.scope import Scope
from orchestrate.planner.contention.preemption import Contest, Push
from orchestrate.planner.contention.victims import rivals_in
from orchestrate.planner.placement.filters import by_reason, explain
from orchestrate.planner.placement.ledger import Ledger
from orchestrate.planner.placement.place import is_bound_to_data, place
from orchestrate.planner.services.missing import Unplaced
from orchestrate.planner.services.work import Work
from orchestrate.planner.steps import Unit, unit_steps
from orchestrate.scheduler.filters import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The steps that make room for unschedulable replicas, and the replicas that still wait.

    `unschedulable` are those of them that another node might take.
    """

    steps: tuple[Step, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    unschedulable: tuple[Replica, ...] = ()


class _Queue:
    """The most important is next; of equals, the one that came first."""

    def __init__(self, unplaced: Iterable[Unplaced]) -> None:
        self._numbers = count()
        self.entries: list[tuple[int, int, Unplaced]] = []
        self.extend(unplaced)

    def extend(self, unplaced: Iterable[Unplaced]) -> None:
        for entry in unplaced:
            heappush(self.entries, (-entry.replica.service.priority, next(self._numbers), entry))

    def pop(self) -> Unplaced:
        return heappop(self.entries)[-1]


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The units that make room, and the nodes on which it still waits: True if it will fit there."""

    pushes: list[Push] = field(default_factory=list)
    waiting: dict[str, bool] = field(default_factory=dict)


def resolve_pending(
    works: Sequence[Work],
    planned: Iterable[Step],
    ledger: Ledger,
    opened: Callable[[], Ledger],
    scope: Scope,
) -> Room:
    """`planned` is all else that is done; `opened` gives another ledger as it is now."""
    unplaced = [*chain(*(one.unplaced for one in works))]
    if not unplaced:
        return Room()
    highest = max(one.replica.service.priority for one in unplaced)
    contest = Contest(
        ledger=_after(planned, opened()),
        present=ledger,
        rivals=rivals_in(works, below=highest),
        within=np.array([scope.includes(name) for name in ledger], dtype=bool),
    )
    return _room(unplaced, contest)


def _after(planned: Iterable[Step], ledger: Ledger) -> Ledger:
    """The ledger as it will be."""
    there = {
        (name, one.name): one
        for name, account in ledger.items()
        for one in account.node.engine.containers
    }
    for action in (action for step in planned for action in step.actions):
        match action:
            case StopReplica():
                ledger[action.node].leave(there[action.node, action.name])
            case StartReplica() if (action.node, action.replica.name) not in there:
                ledger.book(action.replica, action.node)
            case _:
                pass
    return ledger


def _room(unplaced: Iterable[Unplaced], contest: Contest) -> Room:
    """Serve the most important first; a replica that loses its place by that has its turn, too."""
    queue = _Queue(unplaced)
    units: list[Unit] = []
    pending: list[tuple[Unplaced, Unmet]] = []
    while queue.entries:
        candidate = queue.pop()
        attempt = _attempt(candidate, contest)
        units += (push.unit for push in attempt.pushes)
        queue.extend(chain.from_iterable(push.lost for push in attempt.pushes))
        if attempt.waiting:
            pending.append((candidate, _waits(candidate, attempt.waiting, contest)))
    return Room(
        steps=tuple(_in_turn(units)),
        unmet=tuple(unmet for _, unmet in pending),
        unschedulable=tuple(_unschedulable(pending, contest.ledger)),
    )


def _attempt(candidate: Unplaced, contest: Contest) -> _Attempt:
    attempt = _Attempt()
    for name in candidate.nodes or ("",):
        if place(candidate.replica, contest.ledger, name).node:
            attempt.waiting[name] = True
        elif push := contest.preempt(candidate, name):
            attempt.pushes.append(push)
        else:
            attempt.waiting[name] = False
    return attempt


def _unschedulable(waiting: Iterable[tuple[Unplaced, Unmet]], after: Ledger) -> Iterator[Replica]:
    for one, why in waiting:
        if why.is_unplaced and not one.nodes and not is_bound_to_data(one.replica, after):
            yield one.replica


def _waits(one: Unplaced, waiting: dict[str, bool], contest: Contest) -> Unmet:
    """Describe a replica that waits. The next plan starts it where this one leaves room."""
    is_somewhere = contest.ledger.runs((one.replica.project, one.replica.service.name))
    will_fit = all(waiting.values())
    lacks = "not on every node" if one.nodes and is_somewhere else "fits nowhere"
    says = "waits for room" if will_fit else lacks
    refusals = [*_of(one, waiting)]
    return Unmet(
        subject=one.replica.label,
        reason=f"{says}: {explain(refusals)}",
        is_unplaced=not will_fit,
        refused=by_reason(refusals),
    )


def _of(one: Unplaced, waiting: Iterable[str]) -> Iterator[Refusal]:
    """Leave out the nodes on which a global service has found room after all."""
    for refusal in one.refusals:
        nodes = tuple(name for name in refusal.nodes if not one.nodes or name in waiting)
        if nodes:
            yield dataclasses.replace(refusal, nodes=nodes)


def _in_turn(units: Sequence[Unit]) -> Iterator[Step]:
    """Side by side, as far as all is done in one go; who moves before needs what those before it have left."""
    together: list[Unit] = []
    for unit in units:
        if len(unit.phases) > 1:
            yield from unit_steps("Start", together)
            yield from unit_steps("Start", [unit])
            together = []
        else:
            together.append(unit)
    yield from unit_steps("Start", together)
