"""A slot without a container that anybody can see: where one starts, or why that has to wait.

Not seen is not gone: while a node is hidden from us that holds the slot, may hold it, or may hold its
data, starting it elsewhere would make two of one, or one with an empty disk.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Replica, StartReplica, Unmet
from orchestrate.planner.containers.volumes import mounted_volumes, volume_keys
from orchestrate.planner.placement.place import Placement, place, place_all
from orchestrate.planner.services.context import ServiceContext
from orchestrate.planner.services.replacement import start_on
from orchestrate.planner.services.slots import Slot
from orchestrate.planner.snapshot import is_lost
from orchestrate.scheduler.filters import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """A slot that no node takes now. `nodes` are the nodes that lack a replica of a global service."""

    slot: Slot
    deadline_s: float
    nodes: tuple[str, ...]
    refusals: tuple[Refusal, ...]

    @property
    def replica(self) -> Replica:
        return self.slot.replica


def start_missing(
    scene: ServiceContext, slots: Sequence[Slot]
) -> list[StartReplica | Unmet | Unplaced]:
    """Start each slot, none of which is bound to a node, or say why it has to wait."""
    held = [_why_held(scene, slot.replica) for slot in slots]
    free = [slot.replica for slot, why in zip(slots, held, strict=True) if not why]
    placed = iter(place_all(free, scene.ledger))
    return [
        Unmet(subject=slot.replica.label, reason=why)
        if why
        else _started(scene, slot, next(placed))
        for slot, why in zip(slots, held, strict=True)
    ]


def start_bound(scene: ServiceContext, slot: Slot, name: str) -> StartReplica | Unplaced:
    """Start a global service's replica on its node; what others hide does not matter to it."""
    placement = place(slot.replica, scene.ledger, name)
    if placement.node is None:
        return _unplaced(scene, slot, placement, (name,))
    return _start(scene, slot, placement.node)


def _started(scene: ServiceContext, slot: Slot, placement: Placement) -> StartReplica | Unplaced:
    if placement.node is None:
        return _unplaced(scene, slot, placement, (), _holders(scene, slot.replica))
    return _start(scene, slot, placement.node, _holders(scene, slot.replica))


def _unplaced(
    scene: ServiceContext,
    slot: Slot,
    placement: Placement,
    nodes: tuple[str, ...],
    holders: Sequence[ObservedNode] = (),
) -> Unplaced:
    return Unplaced(
        slot=_told(scene, slot, holders),
        deadline_s=scene.deadline_s,
        nodes=nodes,
        refusals=placement.refusals,
    )


def _start(
    scene: ServiceContext, slot: Slot, name: str, holders: Sequence[ObservedNode] = ()
) -> StartReplica:
    return start_on(scene.ledger[name], _told(scene, slot, holders), scene.deadline_s)


def _told(scene: ServiceContext, slot: Slot, holders: Sequence[ObservedNode]) -> Slot:
    return dataclasses.replace(slot, reason=_why_started(scene, slot, holders))


def _why_started(scene: ServiceContext, slot: Slot, holders: Sequence[ObservedNode]) -> str:
    if holders:
        return f"{holders[0].name} is lost"
    suspect = next(iter(scene.hidden.unaccounted), None)
    if suspect:
        return f"{slot.reason}; {suspect.name}, which may have held it, is lost"
    return slot.reason


def _holders(scene: ServiceContext, replica: Replica) -> Sequence[ObservedNode]:
    return scene.hidden.holders_of(scene.project.name, scene.service.name).get(replica.slot, ())


def _why_held(scene: ServiceContext, replica: Replica) -> str:
    """Why it is not started elsewhere; empty: it may be."""
    holders = _holders(scene, replica)
    for node in holders:
        reason = _why_awaited(scene, node)
        if reason:
            return f"on {reason}"
    if holders and mounted_volumes(replica.config):
        lost = holders[0].name
        return f"its volume {volume_keys(scene.service)[0]} is on {lost}, which is lost: {_GIVE_UP} {lost}`"
    for node in scene.hidden.unaccounted:
        reason = _why_awaited(scene, node)
        if reason:
            return f"may be on {reason}"
    return _where_data_may_be(scene, replica)


def _why_awaited(scene: ServiceContext, node: ObservedNode) -> str:
    if node.answered:
        return f"{node.name}, whose Docker Engine is {node.engine.state}"
    if node.may_be_alive:
        return f"{node.name}, which does not answer, but is alive for Consul"
    if is_lost(node, scene.observed.at, scene.settings):
        return ""
    wait_s = scene.settings.lost_after_s
    return f"{node.name}, which does not answer; replaced when lost for {wait_s:g} s"


def _where_data_may_be(scene: ServiceContext, replica: Replica) -> str:
    """A volume that is nowhere to be seen may be where nothing can be seen."""
    wanted = set(mounted_volumes(replica.config))
    if not wanted or scene.ledger.with_data(wanted).any():
        return ""
    node = next(iter(scene.hidden.hiding), None)
    if not node:
        return ""
    return (
        f"its volume {volume_keys(scene.service)[0]} may be on {node.name}, which cannot be read: "
        f"mend that node, or {_GIVE_UP} {node.name}`"
    )


_GIVE_UP = "give up what is on it by `orchestrate node forget"
