"""Housekeeping around starts and stops: images, orphaned registrations, volumes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from orchestrate.model.desired import Desired
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.plan import (
    DeregisterReplica,
    PullImage,
    RemoveVolume,
    StartReplica,
    Step,
)
from orchestrate.model.spec.project import Project
from orchestrate.planner.containers.images import is_there
from orchestrate.planner.containers.volumes import volume_name


def pulls(observed: Observed, planned: Iterable[Step]) -> Iterator[PullImage]:
    """Every image that a start needs and its node lacks, once per node."""
    tags = {node.name: node.engine.tags for node in observed.nodes}
    needed = {(action.node, action.replica.service.image) for action in _starts(planned)}
    for node, image in sorted(needed):
        if not is_there(image, tags[node]):
            yield PullImage(node=node, image=image, reason="not on the node")


def orphaned_registrations(
    observed: Observed, planned: Iterable[Step], failed: Collection[str]
) -> Iterator[DeregisterReplica]:
    """Registrations whose container is gone, but for those that a start is about to renew."""
    renewed = {(action.node, action.replica.name) for action in _starts(planned)}
    for node in observed.nodes:
        present = {container.name for container in node.engine.containers}
        entries = node.consul.registrations if node.is_readable else ()
        gone = (entry for entry in entries if entry.id not in present)
        for entry in sorted(gone, key=lambda entry: entry.id):
            if (node.name, entry.id) not in renewed and entry.project not in failed:
                yield DeregisterReplica(
                    node=node.name, id=entry.id, label=entry.label, reason="its container is gone"
                )


def purges(desired: Desired, observed: Observed, failed: Collection[str]) -> Iterator[RemoveVolume]:
    for project in desired.projects:
        if project.name not in desired.purged or project.name in failed:
            continue
        reason = f"project {project.name} is removed with its volumes"
        for node, name in _volumes(project, observed):
            yield RemoveVolume(node=node, name=name, reason=reason)


def gone(desired: Desired, observed: Observed) -> Iterator[str]:
    """The removed projects of which nothing can be left on any node, whether it may be changed now or not.

    A host that stands by holds none of them: it was given back empty.
    """
    if any(node.may_hold_unseen for node in observed.nodes):
        return
    held = {container.project for node in observed.nodes for container in node.engine.containers}
    held |= {entry.project for node in observed.nodes for entry in node.consul.registrations}
    for project in desired.projects:
        has_volumes = project.name in desired.purged and any(_volumes(project, observed))
        if project.name in desired.leaving and not (has_volumes or project.name in held):
            yield project.name


def _volumes(project: Project, observed: Observed) -> Iterator[tuple[str, str]]:
    """The nodes with the volumes that were made for the project: two names may come to the same text."""
    names = [volume_name(project.name, one) for one in project.volumes if not one.external]
    for node in observed.nodes:
        for name in names:
            if node.engine.volumes.get(name) == project.name:
                yield node.name, name


def _starts(planned: Iterable[Step]) -> Iterator[StartReplica]:
    for step in planned:
        yield from (action for action in step.actions if isinstance(action, StartReplica))
