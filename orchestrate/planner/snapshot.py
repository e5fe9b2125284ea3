"""The snapshot, arranged as planning asks for it: by replica instead of by node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.container import Container
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.registration import Registration
from orchestrate.model.settings import Settings
from orchestrate.planner.containers.volumes import mounted_volumes
from orchestrate.planner.placement.demand import service_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedReplica:
    """A container, the node it is on, and what Consul says of it."""

    node: ObservedNode
    container: Container
    registration: Registration | None

    @property
    def is_running(self) -> bool:
        return self.container.state == "running"

    @property
    def is_passing(self) -> bool:
        return (
            self.is_running
            and self.registration is not None
            and self.registration.status == "passing"
            and self.container.health in {"none", "healthy"}
        )

    @property
    def may_serve(self) -> bool:
        """True if it is passing, or runs while its Consul agent is down, so that its health is unknown."""
        return self.is_passing or (self.is_running and self.node.consul.state != "running")

    @property
    def has_completed(self) -> bool:
        return self.container.has_completed

    @property
    def is_given_up(self) -> bool:
        """True if it uses data that was given up."""
        given_up = self.node.record.given_up
        return bool(given_up) and not given_up.isdisjoint(mounted_volumes(self.container.config))

    @property
    def label(self) -> str:
        container = self.container
        return f"{container.project}/{container.service}.{container.slot}"


def replicas_by_service(
    observed: Observed,
) -> Mapping[tuple[str, str], tuple[ObservedReplica, ...]]:
    """Every readable node's containers by (project, service), in the order of node and name."""
    found: dict[tuple[str, str], list[ObservedReplica]] = defaultdict(list)
    for node in sorted(observed.nodes, key=attrgetter("name")):
        if not node.is_readable:
            continue
        registered = {registration.id: registration for registration in node.consul.registrations}
        for container in sorted(node.engine.containers, key=attrgetter("name")):
            seen = ObservedReplica(
                node=node, container=container, registration=registered.get(container.name)
            )
            found[service_of(container)].append(seen)
    return {key: tuple(group) for key, group in found.items()}


def is_lost(node: ObservedNode, at: float, settings: Settings) -> bool:
    """Unreachable is not dead: silent for `lost_after`, and gone for Consul too."""
    if node.answered or node.may_be_alive or node.record.unknown_since is None:
        return False
    return at - node.record.unknown_since >= settings.lost_after_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """The replicas that may be on nodes that cannot be read. Every slot asks for it, so it is built once."""

    holders: Mapping[tuple[str, str], Mapping[int, Sequence[ObservedNode]]]
    """Of each (project, service) who holds which slot, as Consul or the node's own agent knows."""
    hiding: Sequence[ObservedNode]
    """The nodes that may hold containers."""
    unaccounted: Sequence[ObservedNode]
    """Those of them of which nobody can say what they hold."""

    def holders_of(self, project: str, service: str) -> Mapping[int, Sequence[ObservedNode]]:
        return self.holders.get((project, service), {})


def unreadable_in(observed: Observed) -> Unreadable:
    dark = [node for node in observed.nodes if not node.is_readable]
    holders: dict[tuple[str, str], dict[int, list[ObservedNode]]] = defaultdict(dict)
    for node in dark:
        for entry in (*node.remembered, *node.consul.registrations):
            key = entry.meta.get("project", ""), entry.meta.get("service", "")
            holders[key].setdefault(entry.slot, []).append(node)
    return Unreadable(
        holders=holders,
        hiding=[node for node in dark if may_hide_containers(node)],
        unaccounted=[node for node in dark if is_unaccounted(node)],
    )


def may_hide_containers(node: ObservedNode) -> bool:
    """True if it may hold containers that cannot be seen, and was not forgotten: nothing waits for those."""
    return node.may_hold_unseen and not node.is_forgotten


def advice_when_leaving(name: str) -> str:
    """Return the advice about data that is on a leaving node, and nowhere else."""
    return f"put it back, or switch it off and `orchestrate node forget {name}`, which gives its data up"


def is_undrained(node: ObservedNode) -> bool:
    """True if the node is to be empty, and is not, as far as can be seen."""
    is_to_be = node.is_leaving or node.record.availability == "draining"
    return is_to_be and not is_empty(node)


def is_empty(node: ObservedNode) -> bool:
    """True if nothing runs on the node, as far as can be seen."""
    held = any(not container.is_done for container in node.engine.containers)
    return not (held or may_hide_containers(node))


def is_unaccounted(node: ObservedNode) -> bool:
    """True if the node may hold containers that neither its own agent nor Consul's catalogue lists."""
    if not may_hide_containers(node) or node.remembered or node.consul.registrations:
        return False
    if node.answered:
        return node.consul.state != "running"
    return node.catalogue is None or not node.catalogue.is_alive
