"""One service: what its slots hold, and what has to be done for each.

Nothing here decides the order among services; `reconcile` puts the parts of all of them into steps.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orchestrate.model.observed import Observed, ObservedNode
from orchestrate.model.plan import RegisterReplica, Replica, StartReplica, Unmet
from orchestrate.model.settings import Settings
from orchestrate.model.spec import Project, Service
from orchestrate.planner.filters import refusal
from orchestrate.planner.ledger import Account
from orchestrate.planner.place import Placement, place
from orchestrate.planner.replica import volume_keys, wanted_replica
from orchestrate.planner.rollout import Unit, in_batches, replace, start_on, stop
from orchestrate.planner.sight import Seen, is_lost, remembered_on
from orchestrate.planner.slots import Slot, assess


@dataclass(slots=True, kw_only=True)
class Work:
    """What has to be done for one service, by the moment at which it may be done."""

    at_once: list[Unit] = field(default_factory=list)
    starts: list[Unit] = field(default_factory=list)
    rollout: list[tuple[Unit, ...]] = field(default_factory=list)
    last: list[Unit] = field(default_factory=list)
    unmet: list[Unmet] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """All that the planning of one service looks at."""

    project: Project
    service: Service
    seen: Sequence[Seen]
    observed: Observed
    ledger: Mapping[str, Account]
    settings: Settings


def work(scene: Scene) -> Work:
    """The work of a service. Books every placement in the scene's ledger."""
    done = Work()
    held, surplus = _sorted_by_slot(scene)
    replacements: list[tuple[Slot, Seen]] = []
    for key in _wanted(scene):
        slot = _assessed(scene, key, held.pop(key, ()))
        if slot.kept is None:
            _start_missing(scene, slot, key[1], done)
        elif slot.verdict == "replace":
            replacements.append((slot, slot.kept))
        else:
            _settle(scene, slot, slot.kept, done)
    _roll(scene, replacements, done)
    surplus += [one for group in held.values() for one in group]
    done.last += [_stopping(one, "surplus", scene.service) for one in surplus]
    return done


Key = tuple[int, str]
"""Slot, and for a global service its node: there every node has a slot 1."""


def _sorted_by_slot(scene: Scene) -> tuple[dict[Key, tuple[Seen, ...]], list[Seen]]:
    held: dict[Key, list[Seen]] = defaultdict(list)
    surplus: list[Seen] = []
    is_global = scene.service.deploy.mode == "global"
    for one in scene.seen:
        slot = one.container.slot
        if slot == 0:
            surplus.append(one)
        else:
            held[slot, one.node.name if is_global else ""].append(one)
    return {key: tuple(group) for key, group in held.items()}, surplus


def _wanted(scene: Scene) -> list[Key]:
    if scene.service.deploy.mode == "replicated":
        return [(slot, "") for slot in range(1, scene.service.deploy.replicas + 1)]
    replica = wanted_replica(scene.project, scene.service, 1)
    running = {one.node.name for one in scene.seen if one.container.slot == 1}
    return [
        (1, name)
        for name, account in scene.ledger.items()
        if name in running or refusal(replica, account) is None
    ]


def _assessed(scene: Scene, key: Key, seen: Sequence[Seen]) -> Slot:
    replica = wanted_replica(scene.project, scene.service, key[0])
    return assess(replica, seen, scene.observed.at, scene.settings.start_deadline_s)


def _settle(scene: Scene, slot: Slot, kept: Seen, done: Work) -> None:
    """The verdicts that leave the container where it is."""
    match slot.verdict:
        case "start":
            done.starts.append(_starting(scene, slot, kept))
        case "wait":
            done.unmet.append(Unmet(subject=slot.replica.label, reason=slot.reason))
        case "register":
            done.at_once.append(_registering(slot, kept))
        case _:
            reason = "another container holds its slot"
            done.at_once += [_stopping(one, reason, scene.service) for one in slot.others]


def _starting(scene: Scene, slot: Slot, kept: Seen) -> Unit:
    """The right container is there and not passing: start it, and only then stop the others."""
    start = StartReplica(
        node=kept.node.name,
        replica=_as_named(slot.replica, kept),
        reason=slot.reason,
        deadline_s=scene.settings.start_deadline_s,
    )
    stops = tuple(stop(one, "superseded", scene.service) for one in slot.others)
    return Unit(label=slot.replica.label, phases=((start,), stops) if stops else ((start,),))


def _registering(slot: Slot, kept: Seen) -> Unit:
    action = RegisterReplica(
        node=kept.node.name, replica=_as_named(slot.replica, kept), reason=slot.reason
    )
    return Unit(label=slot.replica.label, phases=((action,),))


def _as_named(replica: Replica, kept: Seen) -> Replica:
    return dataclasses.replace(replica, name=kept.container.name)


def _stopping(one: Seen, reason: str, service: Service | None) -> Unit:
    return Unit(label=one.label, phases=((stop(one, reason, service),),))


def _start_missing(scene: Scene, slot: Slot, node: str, done: Work) -> None:
    label = slot.replica.label
    remembered = remembered_on(scene.observed, scene.project.name, scene.service.name)
    holder = None if node else remembered.get(slot.replica.slot)
    why_held = _why_held(scene, holder) if holder else ""
    if why_held:
        done.unmet.append(Unmet(subject=label, reason=why_held))
        return
    placement = _placed(scene, slot.replica, node)
    if placement.node is None:
        reason = f"fits nowhere: {placement.why_not}"
        done.unmet.append(Unmet(subject=label, reason=reason, is_unplaced=True))
        return
    start = start_on(placement.node, _because(slot, holder), scene.settings.start_deadline_s)
    done.starts.append(Unit(label=label, phases=((start,),)))


def _placed(scene: Scene, replica: Replica, node: str) -> Placement:
    """A global service's node is given; every other replica's is chosen."""
    if not node:
        return place(replica, scene.ledger)
    scene.ledger[node].book(replica)
    return Placement(node=node)


def _because(slot: Slot, holder: ObservedNode | None) -> Slot:
    return dataclasses.replace(slot, reason=f"{holder.name} is lost") if holder else slot


def _why_held(scene: Scene, holder: ObservedNode) -> str:
    """Why a replica on a node that cannot be read is not started elsewhere; empty: it may be."""
    if holder.answered:
        return f"on {holder.name}, whose Docker Engine is {holder.engine.state}"
    if not is_lost(holder, scene.observed.at, scene.settings):
        wait_s = scene.settings.lost_after_s
        return f"on {holder.name}, which does not answer; replaced when lost for {wait_s:g} s"
    volumes = volume_keys(scene.service)
    if volumes:
        return f"its volume {volumes[0]} is on {holder.name}, which is lost"
    return ""


def _roll(scene: Scene, replacements: Sequence[tuple[Slot, Seen]], done: Work) -> None:
    units: list[Unit] = []
    for slot, kept in replacements:
        outcome = replace(slot, kept, scene.ledger, scene.settings.start_deadline_s)
        if isinstance(outcome, Unit):
            units.append(outcome)
        else:
            done.unmet.append(outcome)
    done.rollout = in_batches(units, scene.service.deploy.update.parallelism)
