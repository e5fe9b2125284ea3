"""The journal's projects, and what a command asks of one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from orchestrate.errors import InputError
from orchestrate.model.journal import Journal, ProjectRecord
from orchestrate.model.node_pool import AddNodes, WakeNode
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan
from orchestrate.model.spec.project import Project
from orchestrate.planner.containers.images import pinned
from orchestrate.planner.snapshot import replicas_by_service


def deployed(
    journal: Journal, data: Mapping[str, Any], seen: Iterable[ObservedNode] = ()
) -> ProjectRecord:
    """The record after `data` was deployed, its images pinned; the very same one when nothing changed."""
    name = data["name"]
    old = journal.projects.get(name)
    data = pinned(data, old.data if old else None, seen)
    if old is None:
        return ProjectRecord(name=name, data=data)
    if old.data == data and not old.is_removed:
        return old
    return replace(old, data=data, revision=old.revision + 1, is_removed=False, is_purged=False)


def removed(
    journal: Journal, name: str, *, purge: bool, seen: Iterable[ObservedNode] = ()
) -> ProjectRecord:
    """The record of a project on its way out: it stays until nothing of it is left on any node.

    A project that only its containers tell of, because the journal was lost, can go too.
    """
    old = journal.projects.get(name)
    if old is not None:
        return replace(old, is_removed=True, is_purged=purge)
    there = {container.project for node in seen for container in node.engine.containers}
    if name in there:
        return ProjectRecord(
            name=name, data={"name": name, "services": {}}, is_removed=True, is_purged=purge
        )
    known = ", ".join(sorted({*journal.projects, *there})) or "none"
    raise InputError(f"no project {name!r} is deployed here (deployed: {known})")


def with_record(journal: Journal, record: ProjectRecord) -> Journal:
    return replace(journal, projects={**journal.projects, record.name: record})


def refuse_hopeless(plan: Plan, project: Project, observed: Observed) -> None:
    """InputError when some service of a new file has no replica and would not get a single one."""
    there = replicas_by_service(observed).keys()
    hoped = {
        label
        for action in plan.actions
        if isinstance(action, WakeNode | AddNodes)
        for label in action.needed_by
    }
    starting = {(action.replica.project, action.replica.service.name) for action in plan.starts}
    for service in project.services:
        prefix = f"{project.name}/{service.name}."
        pending = [one for one in plan.unmet if one.is_unplaced and one.subject.startswith(prefix)]
        if any(one.subject in hoped for one in pending):
            continue
        if pending and (project.name, service.name) not in there | starting:
            raise InputError(f"services.{service.name}: {pending[0].reason}; nothing was changed")
