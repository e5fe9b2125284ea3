"""A replica that failed to start is tried on another node: the node may be at fault, and not the file."""

from __future__ import annotations

import dataclasses

from orchestrate.planner.services.context import ServiceContext
from orchestrate.planner.services.slots import Slot

_ENDED = {"created", "exited", "restarting", "dead"}


def elsewhere(scene: ServiceContext, slot: Slot) -> Slot:
    """The slot, to be replaced if it failed to start where it is, and another node should be tried."""
    kept = slot.kept
    if kept is None or scene.waits_for or not _is_down(slot):
        return slot
    if not scene.ledger.is_better_elsewhere(slot.replica, kept.node.name):
        return slot
    reason = f"{slot.reason}; it failed to start on {kept.node.name}"
    return dataclasses.replace(slot, verdict="replace", reason=reason)


def _is_down(slot: Slot) -> bool:
    """True if the replica failed to start, is not still starting, and nothing else serves its slot.

    What runs once has its own ways to be tried again.
    """
    kept = slot.kept
    if kept is None or kept.is_passing or slot.replica.service.lifecycle.completes:
        return False
    if kept.node.consul.state != "running" or any(one.is_passing for one in slot.others):
        return False
    is_ended = slot.verdict == "start" and kept.container.state in _ENDED
    return is_ended or slot.verdict == "wait"
