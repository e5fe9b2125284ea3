"""Giving a dead node up: whether it is dead, what is lost with it, and for how long."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from orchestrate.errors import InputError
from orchestrate.model.journal import NodeRecord
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.spec.project import Project
from orchestrate.planner.containers.timestamps import elapsed_s
from orchestrate.planner.containers.volumes import mounted, mounted_volumes, volume_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """`replicas` that Consul remembers there; `volumes` of theirs, and those that may be there."""

    node: str
    replicas: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Word the loss for the person who has to agree."""
        held = (
            f"it held {', '.join(self.replicas)}" if self.replicas else "nobody knows what it held"
        )
        data = (
            f"the data of {', '.join(self.volumes)}"
            if self.volumes
            else "no data of a volume that is known of"
        )
        return f"{self.node} is given up with all that is on it: {held}; with it goes {data}"


def loss_of(name: str, projects: Sequence[Project], observed: Observed) -> Loss:
    """InputError, with what to do instead, for a node that is not dead or not known."""
    if name in observed.forgotten:
        return Loss(node=name)
    node = _dead(name, observed)
    labels = {entry.label for entry in node.remembered}
    volumes = sorted(set(_volumes(node, projects, observed)))
    return Loss(node=name, replicas=tuple(sorted(labels)), volumes=tuple(volumes))


def still_given_up(node: ObservedNode, record: NodeRecord, at: float) -> frozenset[str]:
    """The volumes on it that hold what was given up; those of a node that cannot be read are as they were.

    What is gone holds nothing, and who was made there since goes on with the data that was there.
    """
    names = frozenset(record.given_up)
    if not names or not node.is_readable:
        return names
    since_s = at - (record.given_up_at or 0)
    made = (one for one in node.engine.containers if elapsed_s(one.created_at, node) < since_s)
    in_use = {name for one in made for name in mounted_volumes(one.config)}
    return names & (node.engine.volumes.keys() - in_use)


def with_loss(record: NodeRecord, volumes: Collection[str], at: float) -> NodeRecord:
    """Add volumes to those that were given up before."""
    if not volumes:
        return record
    return replace(record, given_up=tuple(sorted({*record.given_up, *volumes})), given_up_at=at)


def _dead(name: str, observed: Observed) -> ObservedNode:
    node = next((one for one in observed.nodes if one.name == name), None)
    if node is None:
        raise InputError(f"no node {name!r} is known: `orchestrate nodes` shows them")
    if node.answered and node.is_leaving:
        raise InputError(f"{name} answers, and is leaving: {_LEAVING}")
    if node.answered:
        raise InputError(f"{name} answers: {_INSTEAD}")
    if node.may_be_alive:
        raise InputError(
            f"{name} does not answer, but Consul sees it alive, so what it runs may run on: switch it off "
            f"first; or mend the way to it: then {_INSTEAD}"
        )
    return node


_INSTEAD = (
    "take it out of the inventory, and `orchestrate converge` empties it, and takes it out of the cluster; "
    "`orchestrate drain` empties it only"
)
_LEAVING = (
    "`orchestrate converge` says what holds it; to give that up, switch it off, and forget it then"
)


def _volumes(node: ObservedNode, projects: Sequence[Project], observed: Observed) -> Iterator[str]:
    held = {(entry.meta.get("project"), entry.meta.get("service")) for entry in node.remembered}
    seen = {volume for one in observed.nodes for volume in one.data}
    for project in projects:
        for service in project.services:
            for volume in mounted(project, service).values():
                name = volume_name(project.name, volume)
                is_here = (project.name, service.name) in held
                if not volume.external and (is_here or name not in seen):
                    yield name
