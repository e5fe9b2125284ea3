"""Moving a slot to another container: on which node, and in which order.

`start-first` needs room for both beside each other. Where a host port, a volume with one writer, or the
node's memory does not allow that, the old one goes first, as nothing else is possible there. What must
leave its node starts on the other one first, whatever the order.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from orchestrate.model.plan import Replica, StartReplica, StopReplica, Unmet
from orchestrate.model.spec import Service
from orchestrate.planner.demand import mounted_volumes
from orchestrate.planner.filters import refusal
from orchestrate.planner.ledger import Account, Ledger
from orchestrate.planner.place import Placement, place
from orchestrate.planner.sight import Seen
from orchestrate.planner.slots import Slot
from orchestrate.planner.steps import Phase, Unit
from orchestrate.planner.volumes import volume_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A slot that is to get another container. `is_bound`: it has no other node to go to.

    `is_overdue`: it has had its time to move, and is stopped even if nothing takes its place. `to`: the node
    that it goes to; empty: the best one.
    """

    slot: Slot
    kept: Seen
    deadline_s: float
    is_bound: bool = False
    is_overdue: bool = False
    to: str = ""


def roll(
    rollouts: Iterable[Sequence[tuple[Change, ...]]], ledger: Ledger
) -> tuple[list[list[Unit]], list[Unmet]]:
    """The services side by side, batch by batch; each is planned upon what those before it leave."""
    waves: list[list[Unit]] = []
    unmet: list[Unmet] = []
    for batches in zip_longest(*rollouts, fillvalue=()):
        outcomes = [replace(change, ledger) for batch in batches for change in batch]
        waves.append([one for one in outcomes if isinstance(one, Unit)])
        unmet += [one for one in outcomes if isinstance(one, Unmet)]
    return waves, unmet


def replace(change: Change, ledger: Ledger) -> Unit | Unmet:
    """The unit that puts the slot's wanted container in the place of the kept one."""
    slot, kept = change.slot, change.kept
    replica, origin = slot.replica, ledger[kept.node.name]
    has_room_beside = refusal(replica, origin) is None
    origin.leave(kept.container)
    placement = _destination(change, ledger)
    if placement.node != origin.node.name:
        origin.enter(kept.container)  # until the new one is up elsewhere, or for good
    if placement.node is None:
        return _stuck(change, placement.why_not)
    is_elsewhere = placement.node != origin.node.name
    order = "start-first" if slot.must_move else replica.service.deploy.update.order
    start_first = order == "start-first" and (is_elsewhere or has_room_beside)
    start = start_on(ledger[placement.node], slot, change.deadline_s)
    return Unit(
        label=replica.label,
        phases=_ordered(start, _stops(slot, kept, slot.reason), start_first=start_first),
    )


def _stuck(change: Change, why_not: str) -> Unit | Unmet:
    """A volume is where it is: that no other node holds it says more than what keeps it from this one."""
    slot, here = change.slot, change.kept.node
    if change.is_overdue:
        reason = f"{slot.reason}, and its time is over"
        return Unit(label=slot.replica.label, phases=(_stops(slot, change.kept, reason),))
    if slot.must_move and here.volumes.keys() & {*mounted_volumes(slot.replica.config)}:
        why_not = f"its volume {volume_keys(slot.replica.service)[0]} is on {here.name}"
    reason = f"{slot.reason}; nowhere to go: {why_not}"
    return Unmet(subject=f"{slot.replica.label} on {here.name}", reason=reason)


def _stops(slot: Slot, kept: Seen, reason: str) -> tuple[StopReplica, ...]:
    return tuple(stop(one, reason, slot.replica.service) for one in _leaving(slot, kept))


def _destination(change: Change, ledger: Ledger) -> Placement:
    """Where it is, if it may stay there: data and caches are there, and nothing else moves."""
    slot, here = change.slot, change.kept.node.name
    has_to_go = slot.must_move or ledger.is_better_elsewhere(slot.replica, here)
    may_stay = not has_to_go and refusal(slot.replica, ledger[here]) is None
    return place(slot.replica, ledger, only=here if may_stay or change.is_bound else change.to)


def _leaving(slot: Slot, kept: Seen) -> tuple[Seen, ...]:
    """All that hold the slot; but what serves in the place of one that does not is left until that does."""
    if not kept.is_passing and any(one.is_passing for one in slot.others):
        return (kept,)
    return (kept, *slot.others)


def _ordered(
    start: StartReplica, stops: tuple[StopReplica, ...], *, start_first: bool
) -> tuple[Phase, ...]:
    """One phase where all happens on one node; else what must wait for the other comes after it."""
    phases: tuple[Phase, Phase] = ((start,), stops) if start_first else (stops, (start,))
    if all(one.node == start.node for one in stops):
        return ((*phases[0], *phases[1]),)
    return phases


def start_on(account: Account, slot: Slot, deadline_s: float) -> StartReplica:
    """Start the slot's wanted container there, beside whatever is there now."""
    taken = {container.name for container in account.node.containers}
    return StartReplica(
        node=account.node.name,
        replica=_with_free_name(slot.replica, taken),
        reason=slot.reason,
        address=account.lend_address(),
        deadline_s=deadline_s,
        differences=slot.differences,
    )


def _with_free_name(replica: Replica, taken: set[str]) -> Replica:
    """A container that was changed or renamed by hand may hold the very name that a new one would get."""
    number = 1
    name = replica.name
    while name in taken:
        number += 1
        name = f"{replica.name}-{number}"
    return dataclasses.replace(replica, name=name)


def stop(seen: Seen, reason: str, service: Service | None) -> StopReplica:
    """Only what proxies send requests to is drained; other clients resolve the name anew."""
    grace_s: float = seen.container.config.get("stop_grace_s", 10)
    return StopReplica(
        node=seen.node.name,
        name=seen.container.name,
        label=seen.label,
        reason=reason,
        grace_s=grace_s,
        drain_timeout_s=service.drain_timeout_s if service and seen.is_passing else 0,
    )


def in_batches(changes: Sequence[Change], parallelism: int) -> list[tuple[Change, ...]]:
    """`parallelism` replicas at a time; 0 is all at once (SwarmKit, orchestrator/update)."""
    size = parallelism or len(changes) or 1
    return [tuple(changes[first : first + size]) for first in range(0, len(changes), size)]
