"""Nodes that are no longer in the inventory: emptied as in a drain, and then taken out of the cluster.

The order keeps all true at each moment: nothing runs there any more; the others give up their routes to it; its
proxy, its Consul agent and its network end; last go its entries in Consul and in the journal, for the
cycle to remove. Until then the node goes on leaving, from wherever that was cut off.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from orchestrate.model.node import Node
from orchestrate.model.observed.answer import Answer
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import (
    Action,
    Retire,
    RetiredRole,
    SetPeers,
    Step,
    StopReplica,
    Unmet,
)
from orchestrate.model.spec.project import Project
from orchestrate.planner.containers.volumes import mounted, volume_name
from orchestrate.planner.nodes.peers import members, set_peers
from orchestrate.planner.services.replacement import stop
from orchestrate.planner.snapshot import ObservedReplica, advice_when_leaving, is_empty
from orchestrate.planner.steps import one_step


@dataclass(frozen=True, slots=True, kw_only=True)
class Departures:
    """The retirement of nodes. Only Consul and the journal still have entries of the `departed`."""

    steps: tuple[Step, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    departed: tuple[str, ...] = ()


def mask_renamed(node: ObservedNode, nodes: Sequence[ObservedNode]) -> ObservedNode:
    """A node that leaves is not asked under another's name: where that one is reached, or has its subnet.

    Its host was renamed, or another machine has got its address: neither tells what became of the node.
    """
    if not node.is_leaving:
        return node
    for other in nodes:
        is_same = (
            node.answered
            and bool(node.network.subnet)
            and node.network.subnet == other.network.subnet
        )
        if not other.is_leaving and (is_same or _place(node.node) == _place(other.node)):
            detail = f"its host is {other.name} of the inventory: give it its name back"
            return replace(node, answer=Answer(detail=detail))
    return node


def _place(node: Node) -> tuple[str, str]:
    """The address and the port."""
    host = node.way.get("ansible_host", node.way.get("ansible_ssh_host", node.name))
    port = node.way.get("ansible_port", node.way.get("ansible_ssh_port", 22))
    return str(host), str(port)


def is_emptied(node: ObservedNode) -> bool:
    """A node that leaves, and on which nothing needs to be mended any more."""
    return node.is_leaving and node.answered and is_empty(node)


def departures(
    observed: Observed, repairable: Collection[ObservedNode], projects: Collection[Project]
) -> Departures:
    """Retire the nodes that are empty, all but their entries, or say why they stay for now.

    `repairable` are the nodes that this cycle may still work upon.
    """
    going: list[ObservedNode] = []
    unmet: list[Unmet] = []
    for node in filter(is_emptied, repairable):
        reason = _why_needed(node, observed, projects) or _why_kept(node, observed, going)
        unmet += [Unmet(subject=node.name, reason=reason)] if reason else []
        going += [] if reason else [node]
    steps = _retirement(going, observed, repairable)
    return Departures(
        steps=steps, unmet=tuple(unmet), departed=tuple(_departed(going, steps, observed))
    )


def _retirement(
    going: Sequence[ObservedNode], observed: Observed, repairable: Collection[ObservedNode]
) -> tuple[Step, ...]:
    gone = {node.name for node in going} | observed.forgotten
    return (
        *one_step("Remove what has ended on nodes that leave", _remains(going)),
        *one_step("Give up the routes to nodes that leave", _peers(observed, gone, repairable)),
        *one_step("Take nodes that leave out of service", _retired(going)),
    )


def _departed(
    going: Iterable[ObservedNode], steps: Iterable[Step], observed: Observed
) -> Iterator[str]:
    """Yield the nodes on which nothing is left to do, and to which no other node has a route."""
    acted = {action.node for step in steps for action in step.actions}
    for node in going:
        if node.name not in acted and not _is_routed(node.name, observed):
            yield node.name


def _is_routed(name: str, observed: Observed) -> bool:
    known = (*observed.nodes, *observed.standby)
    return any(name in node.network.peers for node in known if node.answered)


def _why_needed(node: ObservedNode, observed: Observed, projects: Collection[Project]) -> str:
    """Say which service would start with an empty disk without the volumes of the node."""
    others = [other for other in observed.nodes if other.answered and not other.is_leaving]
    for project in projects:
        for service in project.services:
            if service.deploy.is_global:
                continue
            for volume in mounted(project, service).values():
                name = volume_name(project.name, volume)
                is_ours = name in node.data and not volume.external
                if (
                    is_ours
                    and sum(name in other.data for other in others) < service.deploy.replicas
                ):
                    return (
                        f"is no longer in the inventory, and volume {volume.name} of "
                        f"{project.name}/{service.name} is on it: {advice_when_leaving(node.name)}"
                    )
    return ""


def _why_kept(node: ObservedNode, observed: Observed, going: Collection[ObservedNode]) -> str:
    """Consul must be able to decide without it: a majority of the servers that are left is alive."""
    if node.name not in observed.servers or node.consul.state != "running":
        return ""
    voters = [one for one in going if one.name in observed.servers]
    if voters:
        return f"stays until {voters[0].name} has left Consul: one server after the other"
    left = {name: alive for name, alive in observed.servers.items() if name != node.name}
    if 2 * sum(left.values()) > len(left):
        return ""
    return (
        f"is no longer in the inventory, and Consul needs it: of its other {len(left)} servers "
        f"{sum(left.values())} are alive: put it back, and make another host a server before it goes"
    )


def _remains(going: Collection[ObservedNode]) -> Iterator[StopReplica]:
    for node in going:
        for container in node.engine.containers:
            seen = ObservedReplica(node=node, container=container, registration=None)
            yield stop(seen, f"{node.name} is no longer in the inventory", None)


def _peers(
    observed: Observed, gone: Collection[str], repairable: Collection[ObservedNode]
) -> Iterator[SetPeers]:
    """A node that goes is told nothing more: its own network ends."""
    staying = members(observed, gone)
    reached = {node.name for node in (*repairable, *observed.standby) if node.answered}
    for node in staying:
        stale = ", ".join(sorted(node.network.peers & {*gone}))
        if stale and node.name in reached:
            yield set_peers(node, staying, f"{stale} is no longer in the inventory")


def _retired(going: Collection[ObservedNode]) -> Iterator[Action]:
    """The network last: without it the agent could not take its leave."""
    for node in going:
        reason = f"{node.name} is no longer in the inventory"
        for role, is_there in _parts(node):
            if is_there:
                yield Retire(node=node.name, role=role, reason=reason)


def _parts(node: ObservedNode) -> Iterator[tuple[RetiredRole, bool]]:
    yield "proxy", node.proxy.state == "running"
    yield "consul", node.consul.state == "running"
    yield "network", node.network.state != "absent"
