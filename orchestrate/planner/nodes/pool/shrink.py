"""Nodes that were added and have nothing to do any more: they stand by again, or are taken away.

Only what is empty goes. A replica of a global service keeps no node, as it is there because the node is; data
does, whoever may want it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from orchestrate.model.desired import Desired
from orchestrate.model.node_pool import ReleaseNode, RemoveNode
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.spec.project import Project

_UNITS = ((3600, "h"), (60, "min"))


def is_empty(node: ObservedNode, projects: Iterable[Project]) -> bool:
    """True if nothing on the node is worth keeping it for. An unreadable node is not empty."""
    everywhere = {
        (project.name, service.name)
        for project in projects
        for service in project.services
        if service.deploy.is_global
    }
    held = (
        one
        for one in node.engine.containers
        if not one.is_done and (one.project, one.service) not in everywhere
    )
    return node.is_readable and not any(held) and not any(node.engine.volumes.values())


def shrink(
    observed: Observed, desired: Desired, needed: Collection[str]
) -> Iterator[ReleaseNode | RemoveNode]:
    """`needed` are the nodes that get something to do now."""
    for node in observed.nodes:
        if node.name in needed or not _has_rested(node, observed, desired):
            continue
        reason = f"empty for {_span(desired.settings.pool.give_back_after_s)}"
        if _may_rest(node, desired):
            yield ReleaseNode(node=node.name, reason=reason)
        elif _may_go(node, observed, desired):
            playbook = desired.settings.pool.remove_node
            yield RemoveNode(node=node.name, reason=reason, playbook=playbook)


def _has_rested(node: ObservedNode, observed: Observed, desired: Desired) -> bool:
    if not node.record.added or node.record.empty_since is None:
        return False
    is_long = observed.at - node.record.empty_since >= desired.settings.pool.give_back_after_s
    return is_long and is_empty(node, desired.projects)


def _may_rest(node: ObservedNode, desired: Desired) -> bool:
    if node.record.added == "woken":
        return True
    return bool(desired.settings.pool.remove_node) and node.record.availability == "active"


def _may_go(node: ObservedNode, observed: Observed, desired: Desired) -> bool:
    """Drained, so that nothing comes while it goes; and not when that has just failed."""
    settings = desired.settings
    is_due = (
        node.record.tried_at is None
        or observed.at - node.record.tried_at >= settings.pool.add_again_after_s
    )
    is_bare = all(one.is_done for one in node.engine.containers)
    return (
        bool(settings.pool.remove_node)
        and node.record.availability == "draining"
        and is_bare
        and is_due
    )


def _span(seconds: float) -> str:
    unit = next((one for one in _UNITS if seconds >= one[0]), None)
    return f"{seconds / unit[0]:g} {unit[1]}" if unit else f"{seconds:g} s"
