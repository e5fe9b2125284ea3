"""The work for one service: the verdicts on its slots, and what follows from them.

Nothing here decides the order among services; the stages of `reconcile` put all parts into steps.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from orchestrate.model.plan import RegisterReplica, Replica, StartReplica, Unmet
from orchestrate.planner.containers.volumes import mounted_volumes
from orchestrate.planner.placement.filters import is_eligible
from orchestrate.planner.services.budget import Allowance, allowed
from orchestrate.planner.services.context import ServiceContext
from orchestrate.planner.services.missing import Unplaced, start_bound, start_missing
from orchestrate.planner.services.replacement import Change, Rollout, stop
from orchestrate.planner.services.retry import elsewhere
from orchestrate.planner.services.settled import Settled, as_desired, change_of, is_relieved
from orchestrate.planner.services.slots import Key, Slot, Verdict, assess, why_evicted
from orchestrate.planner.snapshot import ObservedReplica
from orchestrate.planner.steps import Unit

_REPLACED: tuple[Verdict, ...] = ("replace",)
_LEFT: tuple[Verdict, ...] = ("keep", "wait")
_DUPLICATE = "another container holds its slot"
Groups = Mapping[Key, Sequence[ObservedReplica]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The work for one service, by the moment at which it may be done.

    `level` 0 depends on no other service, 1 only on such services, and so on. `settled` are the replicas
    that stay as they are, and may be moved or preempted when somebody gains by that. `is_foreign`: it is
    about containers that are never touched.
    """

    level: int = 0
    superseded: tuple[Unit, ...] = ()
    at_once: tuple[Unit, ...] = ()
    starts: tuple[Unit, ...] = ()
    rollout: Rollout = field(default_factory=Rollout)
    last: tuple[Unit, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    settled: Iterable[Change] = ()
    is_foreign: bool = False

    @property
    def is_done(self) -> bool:
        """True if there is nothing to do for the service, and nothing to wait for."""
        acts = (self.superseded, self.at_once, self.starts, self.rollout.changes, self.last)
        return not any((*acts, self.unmet, self.unplaced))


def work(context: ServiceContext) -> Work:
    """Plan a service. Books what it starts in the context's ledger; its rollout is not booked yet."""
    held, wanted = _by_slot(context), _wanted(context)
    kept = as_desired(context, wanted, held)
    if len(kept) == len(wanted) == len(held):
        return _unchanged(context, wanted, kept)
    groups = {
        key: _without_stale(context, key, held.get(key, ())) for key in wanted if key not in kept
    }
    slots = [(key, _assessed(context, key, group)) for key, (group, _) in groups.items()]
    started = _start(context, [(key, slot) for key, slot in slots if slot.kept is None])
    allowance = allowed(context, wanted, slots, started.starts)
    serving, waiting = _in_turn(_changes(context, slots, _REPLACED), slots, allowance)
    stale = chain.from_iterable(stale for _, stale in groups.values())
    parts = (
        Work(superseded=_stops(context, stale, _DUPLICATE)),
        started,
        *(_settled(context, slot, slot.kept) for _, slot in slots if slot.kept),
        Work(unmet=waiting),
        _surplus(context, held, wanted),
    )
    settled = Settled(context, wanted, {**kept, **_changes(context, slots, _LEFT)})
    rollout = _rollout(context, serving, allowance)
    return dataclasses.replace(_merged(parts), rollout=rollout, settled=settled)


def _unchanged(
    context: ServiceContext, wanted: Sequence[Key], kept: Mapping[Key, ObservedReplica]
) -> Work:
    """The work where each slot is as desired, and no other container is there."""
    return Work(
        rollout=_rollout(context, (), allowed(context, wanted, (), ())),
        settled=Settled(context, wanted, kept),
    )


def _rollout(context: ServiceContext, serving: Iterable[Change], allowance: Allowance) -> Rollout:
    parallelism = context.service.deploy.update.parallelism
    return Rollout(changes=deque(serving), parallelism=parallelism, allowance=allowance)


def _changes(
    context: ServiceContext, slots: Iterable[tuple[Key, Slot]], verdicts: Collection[Verdict]
) -> dict[Key, Change]:
    return {
        key: change_of(context, key, slot, slot.kept)
        for key, slot in slots
        if slot.kept and slot.verdict in verdicts
    }


def _merged(parts: Sequence[Work]) -> Work:
    return Work(
        superseded=tuple(chain(*(part.superseded for part in parts))),
        at_once=tuple(chain(*(part.at_once for part in parts))),
        starts=tuple(chain(*(part.starts for part in parts))),
        last=tuple(chain(*(part.last for part in parts))),
        unmet=tuple(chain(*(part.unmet for part in parts))),
        unplaced=tuple(chain(*(part.unplaced for part in parts))),
    )


def _surplus(context: ServiceContext, held: Groups, wanted: Iterable[Key]) -> Work:
    """Containers without a valid slot number come first, then those in slots that nobody wants."""
    kept = {*wanted}
    groups = sorted(
        (item for item in held.items() if item[0] not in kept), key=lambda item: item[0][0] != 0
    )
    surplus = [replica for _, group in groups for replica in group]
    return Work(last=tuple(_stopping(context, one, _why_surplus(context, one)) for one in surplus))


def _why_surplus(context: ServiceContext, one: ObservedReplica) -> str:
    """A replica of a global service that must leave its node is not wanted anywhere else."""
    is_global = context.service.deploy.is_global
    return (why_evicted(context.first, one) if is_global else None) or "surplus"


def _by_slot(context: ServiceContext) -> Groups:
    held: dict[Key, list[ObservedReplica]] = defaultdict(list)
    is_global = context.service.deploy.is_global
    for replica in context.replicas:
        slot = replica.container.slot
        held[slot, replica.node.name if is_global and slot else ""].append(replica)
    return held


def _wanted(context: ServiceContext) -> list[Key]:
    if not context.service.deploy.is_global:
        return [(slot, "") for slot in range(1, context.service.deploy.replicas + 1)]
    staying = {
        replica.node.name
        for replica in context.replicas
        if replica.container.slot == 1 and why_evicted(context.first, replica) is None
    }
    return [
        (1, name)
        for name, account in context.ledger.items()
        if name in staying or is_eligible(context.first, account)
    ]


def _without_stale(
    context: ServiceContext, key: Key, group: Sequence[ObservedReplica]
) -> tuple[Sequence[ObservedReplica], Sequence[ObservedReplica]]:
    """Split off the replicas upon data that was given up, if the slot is held upon data that counts."""
    stale = [replica for replica in group if replica.is_given_up]
    if not stale:
        return group, ()
    valid = [replica for replica in group if not replica.is_given_up]
    return (valid, stale) if valid or _is_held_unseen(context, key) else (group, ())


def _is_held_unseen(context: ServiceContext, key: Key) -> bool:
    """True if a node that cannot be read holds the slot, and not upon data that was given up."""
    slot, only = key
    volumes = mounted_volumes(context.first.config)
    holders = context.hidden.holders_of(context.project.name, context.service.name).get(slot, ())
    return not only and any(node.record.given_up.isdisjoint(volumes) for node in holders)


def _assessed(context: ServiceContext, key: Key, group: Sequence[ObservedReplica]) -> Slot:
    slot = assess(context.replica(key[0]), group, context.deadline_s)
    return slot if key[1] else elsewhere(context, slot)


def _start(context: ServiceContext, missing: Sequence[tuple[Key, Slot]]) -> Work:
    if context.waits_for:
        labels = (slot.replica.label for _, slot in missing)
        return Work(unmet=tuple(Unmet(subject=label, reason=context.waits_for) for label in labels))
    anywhere = start_missing(context, [slot for (_, node), slot in missing if not node])
    bound = [start_bound(context, slot, node) for (_, node), slot in missing if node]
    outcomes = (*anywhere, *bound)
    starts = (start for start in outcomes if isinstance(start, StartReplica))
    return Work(
        starts=tuple(Unit(label=start.replica.label, phases=((start,),)) for start in starts),
        unmet=tuple(unmet for unmet in outcomes if isinstance(unmet, Unmet)),
        unplaced=_together([left for left in outcomes if isinstance(left, Unplaced)]),
    )


def _together(unplaced: Sequence[Unplaced]) -> tuple[Unplaced, ...]:
    """The nodes that lack a global service are named at once."""
    if not (unplaced and unplaced[0].nodes):
        return tuple(unplaced)
    together = dataclasses.replace(
        unplaced[0],
        nodes=tuple(chain(*(one.nodes for one in unplaced))),
        refusals=tuple(chain(*(one.refusals for one in unplaced))),
    )
    return (together,)


def _settled(context: ServiceContext, slot: Slot, kept: ObservedReplica) -> Work:
    """Return the work for a container that is there; a replacement itself is planned by the rollout."""
    match slot.verdict:
        case "start" if context.waits_for and not kept.is_running:
            return _waiting(slot, reason=f"{slot.reason}; {context.waits_for}")
        case "start":
            return Work(starts=(_starting(context, slot, kept),))
        case "wait":
            node = kept.node.name if kept.is_running else ""
            return _waiting(slot, slot.reason, node)
        case "register":
            return Work(at_once=(_registering(slot, kept),))
        case "replace" if not is_relieved(slot, kept):
            return Work()
        case _:
            return Work(superseded=_stops(context, slot.others, _DUPLICATE))


def _waiting(slot: Slot, reason: str, node: str = "") -> Work:
    return Work(unmet=(Unmet(subject=slot.replica.label, reason=reason, settles_on=node),))


def _starting(context: ServiceContext, slot: Slot, kept: ObservedReplica) -> Unit:
    """The right container is there and not passing: start it, and only then stop the others."""
    start = StartReplica(
        node=kept.node.name,
        replica=_as_named(slot.replica, kept),
        reason=slot.reason,
        address=kept.container.address,
        deadline_s=context.deadline_s,
        monitor_s=slot.monitor_s,
    )
    stops = tuple(stop(one, "superseded", context.service) for one in slot.others)
    return Unit(label=slot.replica.label, phases=((start,), stops) if stops else ((start,),))


def _registering(slot: Slot, kept: ObservedReplica) -> Unit:
    action = RegisterReplica(
        node=kept.node.name, replica=_as_named(slot.replica, kept), reason=slot.reason
    )
    return Unit(label=slot.replica.label, phases=((action,),))


def _as_named(replica: Replica, kept: ObservedReplica) -> Replica:
    return dataclasses.replace(replica, name=kept.container.name)


def _stops(
    context: ServiceContext, replicas: Iterable[ObservedReplica], reason: str
) -> tuple[Unit, ...]:
    return tuple(_stopping(context, replica, reason) for replica in replicas)


def _stopping(context: ServiceContext, replica: ObservedReplica, reason: str) -> Unit:
    return Unit(label=replica.label, phases=((stop(replica, reason, context.service),),))


def _in_turn(
    changes: Mapping[Key, Change], slots: Iterable[tuple[Key, Slot]], allowance: Allowance
) -> tuple[list[Change], tuple[Unmet, ...]]:
    """The changes to begin with, and those that wait.

    Replicas that serve nobody, or have had their time to go, come first. The others are replaced only
    while all replicas of the service are known to come up.
    """
    idle = [change for change in changes.values() if change.is_idle]
    serving = [change for change in changes.values() if not change.is_idle]
    unsure = next((slot for _, slot in slots if slot.verdict in {"wait", "register"}), None)
    if unsure is None or unsure.replica.service.deploy.update.failure_action == "continue":
        return [*idle, *serving], ()
    return idle, tuple(_waits(serving, unsure, allowance))


def _waits(changes: Iterable[Change], awaited: Slot, allowance: Allowance) -> Iterator[Unmet]:
    for change in changes:
        slot, holds_up = change.slot, ""
        if slot.must_move and not allowance.charge().is_granted:
            holds_up = change.kept.node.name
        reason = f"to be replaced ({slot.reason}) when {awaited.replica.label} is passing"
        yield Unmet(subject=slot.replica.label, reason=reason, holds_up=holds_up)
