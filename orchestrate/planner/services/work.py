"""One service: what its slots hold, and what has to be done for each.

Nothing here decides the order among services; `reconcile` puts the parts of all of them into steps.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestrate.model.plan import RegisterReplica, Replica, StartReplica, Unmet
from orchestrate.planner.placement.demand import mounted_volumes
from orchestrate.planner.placement.filters import is_eligible
from orchestrate.planner.services.budget import Allowance, allowed
from orchestrate.planner.services.context import ServiceContext
from orchestrate.planner.services.missing import Unplaced, start_bound, start_missing
from orchestrate.planner.services.replacement import Change, Rollout, stop
from orchestrate.planner.services.retry import elsewhere
from orchestrate.planner.services.slots import Key, Slot, assess, why_evicted
from orchestrate.planner.snapshot import ObservedReplica
from orchestrate.planner.steps import Unit


@dataclass(slots=True, kw_only=True)
class Work:
    """What has to be done for one service, by the moment at which it may be done.

    `level` 0 depends on no other service, 1 only on such services, and so on.
    """

    level: int = 0
    superseded: list[Unit] = field(default_factory=list)
    at_once: list[Unit] = field(default_factory=list)
    starts: list[Unit] = field(default_factory=list)
    rollout: Rollout = field(default_factory=Rollout)
    last: list[Unit] = field(default_factory=list)
    unmet: list[Unmet] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    is_foreign: bool = False
    """Is it about what is never touched?"""
    settled: list[Change] = field(default_factory=list)
    """What is left as it is, and may be moved or stopped when somebody gains by that."""

    @property
    def is_done(self) -> bool:
        """Is there nothing to do for the service, and nothing to wait for?"""
        acts = (self.superseded, self.at_once, self.starts, self.rollout.changes, self.last)
        return not any((*acts, self.unmet, self.unplaced))


def work(scene: ServiceContext) -> Work:
    """The work of a service. Books what it starts in the scene's ledger; its rollout is not booked yet."""
    done = Work()
    held, surplus = _sorted_by_slot(scene)
    slots = [(key, _assessed(scene, key, held.pop(key, ()), done)) for key in _wanted(scene)]
    _start(scene, [(key, slot) for key, slot in slots if slot.kept is None], done)
    changes: list[Change] = []
    unsure: list[Slot] = []
    for key, slot in slots:
        match slot.kept:
            case None:
                pass
            case kept if slot.verdict == "replace":
                alone = _relieved(scene, slot, kept, done)
                changes.append(_changing(scene, alone, kept, is_bound=bool(key[1])))
            case kept:
                unsure += [slot] if slot.verdict in {"wait", "register"} else []
                if slot.verdict in {"keep", "wait"}:
                    done.settled.append(_changing(scene, slot, kept, is_bound=bool(key[1])))
                _settle(scene, slot, kept, done)
    allowance = allowed(scene, slots, done.starts)
    done.rollout = Rollout(
        changes=deque(_in_turn(changes, unsure, allowance, done)),
        parallelism=scene.service.deploy.update.parallelism,
        allowance=allowance,
    )
    surplus += [one for group in held.values() for one in group]
    done.last += [_stopping(scene, one, _why_surplus(scene, one)) for one in surplus]
    return done


def _why_surplus(scene: ServiceContext, one: ObservedReplica) -> str:
    """Of a global service, what must leave its node is not wanted anywhere else."""
    is_global = scene.service.deploy.is_global
    return (why_evicted(scene.first, one) if is_global else None) or "surplus"


def _sorted_by_slot(
    scene: ServiceContext,
) -> tuple[dict[Key, tuple[ObservedReplica, ...]], list[ObservedReplica]]:
    held: dict[Key, list[ObservedReplica]] = defaultdict(list)
    surplus: list[ObservedReplica] = []
    is_global = scene.service.deploy.is_global
    for one in scene.seen:
        slot = one.container.slot
        if slot == 0:
            surplus.append(one)
        else:
            held[slot, one.node.name if is_global else ""].append(one)
    return {key: tuple(group) for key, group in held.items()}, surplus


def _wanted(scene: ServiceContext) -> list[Key]:
    if not scene.service.deploy.is_global:
        return [(slot, "") for slot in range(1, scene.service.deploy.replicas + 1)]
    replica = scene.first
    staying = {
        one.node.name
        for one in scene.seen
        if one.container.slot == 1 and why_evicted(replica, one) is None
    }
    return [
        (1, name)
        for name, account in scene.ledger.items()
        if name in staying or is_eligible(replica, account)
    ]


def _assessed(
    scene: ServiceContext, key: Key, group: Sequence[ObservedReplica], done: Work
) -> Slot:
    seen = [one for one in group if not one.is_given_up]
    if seen or _is_held_unseen(scene, key):
        done.superseded += [_stopping(scene, one, _DOUBLE) for one in group if one.is_given_up]
    else:
        seen = [*group]
    slot = assess(scene.replica(key[0]), seen, scene.observed.at, scene.deadline_s)
    return slot if key[1] else elsewhere(scene, slot)


def _is_held_unseen(scene: ServiceContext, key: Key) -> bool:
    """By one that cannot be seen, and is not itself upon data that was given up?"""
    slot, only = key
    volumes = mounted_volumes(scene.first.config)
    holders = scene.hidden.holders_of(scene.project.name, scene.service.name).get(slot, ())
    return not only and any(node.given_up.isdisjoint(volumes) for node in holders)


def _start(scene: ServiceContext, missing: Sequence[tuple[Key, Slot]], done: Work) -> None:
    if scene.waits_for:
        subjects = (slot.replica.label for _, slot in missing)
        done.unmet += [Unmet(subject=one, reason=scene.waits_for) for one in subjects]
        return
    anywhere = start_missing(scene, [slot for (_, node), slot in missing if not node])
    bound = (start_bound(scene, slot, node) for (_, node), slot in missing if node)
    for found in (*anywhere, *bound):
        match found:
            case StartReplica() as start:
                done.starts.append(Unit(label=start.replica.label, phases=((start,),)))
            case Unplaced() as unplaced if unplaced.nodes and done.unplaced:
                done.unplaced = [_together(done.unplaced[0], unplaced)]
            case Unplaced() as unplaced:
                done.unplaced.append(unplaced)
            case unmet:
                done.unmet.append(unmet)


def _together(some: Unplaced, other: Unplaced) -> Unplaced:
    return dataclasses.replace(
        some, nodes=(*some.nodes, *other.nodes), refusals=(*some.refusals, *other.refusals)
    )


def _changing(
    scene: ServiceContext, slot: Slot, kept: ObservedReplica, *, is_bound: bool
) -> Change:
    until = kept.node.drained_by
    return Change(
        slot=slot,
        kept=kept,
        deadline_s=scene.deadline_s,
        is_bound=is_bound,
        is_overdue=slot.must_move and until is not None and scene.observed.at >= until,
    )


def _settle(scene: ServiceContext, slot: Slot, kept: ObservedReplica, done: Work) -> None:
    """The verdicts that leave the container where it is."""
    match slot.verdict:
        case "start" if scene.waits_for and not kept.is_running:
            reason = f"{slot.reason}; {scene.waits_for}"
            done.unmet.append(Unmet(subject=slot.replica.label, reason=reason))
        case "start":
            done.starts.append(_starting(scene, slot, kept))
        case "wait":
            is_settling = kept.is_running
            unmet = Unmet(subject=slot.replica.label, reason=slot.reason, is_settling=is_settling)
            done.unmet.append(unmet)
        case "register":
            done.at_once.append(_registering(slot, kept))
        case _:
            done.superseded += _doubles(scene, slot)


def _relieved(scene: ServiceContext, slot: Slot, kept: ObservedReplica, done: Work) -> Slot:
    """What was superseded does not wait until the one that serves in its place is replaced, too."""
    if not kept.is_passing:
        return slot
    done.superseded += _doubles(scene, slot)
    return dataclasses.replace(slot, others=())


def _doubles(scene: ServiceContext, slot: Slot) -> list[Unit]:
    return [_stopping(scene, one, _DOUBLE) for one in slot.others]


_DOUBLE = "another container holds its slot"


def _starting(scene: ServiceContext, slot: Slot, kept: ObservedReplica) -> Unit:
    """The right container is there and not passing: start it, and only then stop the others."""
    start = StartReplica(
        node=kept.node.name,
        replica=_as_named(slot.replica, kept),
        reason=slot.reason,
        address=kept.container.address,
        deadline_s=scene.deadline_s,
    )
    stops = tuple(stop(one, "superseded", scene.service) for one in slot.others)
    return Unit(label=slot.replica.label, phases=((start,), stops) if stops else ((start,),))


def _registering(slot: Slot, kept: ObservedReplica) -> Unit:
    action = RegisterReplica(
        node=kept.node.name, replica=_as_named(slot.replica, kept), reason=slot.reason
    )
    return Unit(label=slot.replica.label, phases=((action,),))


def _as_named(replica: Replica, kept: ObservedReplica) -> Replica:
    return dataclasses.replace(replica, name=kept.container.name)


def _stopping(scene: ServiceContext, one: ObservedReplica, reason: str) -> Unit:
    return Unit(label=one.label, phases=((stop(one, reason, scene.service),),))


def _in_turn(
    changes: Sequence[Change], unsure: Sequence[Slot], allowance: Allowance, done: Work
) -> list[Change]:
    """First what serves nobody anyway, or has had its time to go.

    What serves goes only while all others are known to come up.
    """
    idle = [change for change in changes if change.is_overdue or not change.kept.is_passing]
    serving = [change for change in changes if change not in idle]
    if unsure and unsure[0].replica.service.deploy.update.failure_action != "continue":
        done.unmet += [_waiting(one, unsure[0], allowance) for one in serving]
        serving = []
    return [*idle, *serving]


def _waiting(change: Change, awaited: Slot, allowance: Allowance) -> Unmet:
    slot, kept = change.slot, change.kept
    return Unmet(
        subject=slot.replica.label,
        reason=f"to be replaced ({slot.reason}) when {awaited.replica.label} is passing",
        holds_up=kept.node.name if slot.must_move and not allowance.owe() else "",
    )
