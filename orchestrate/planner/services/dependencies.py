"""`depends_on`: which services come first, and which have to wait.

A dependency is there when one of its replicas is, or will be by the time that its dependents start: a
start ends when the replica is passing, and its failure ends the run. What may be on a node that cannot
be read counts as there: not seen is not gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import assert_never

from orchestrate.model.scope import Scope
from orchestrate.model.spec.lifecycle import Condition, Dependency
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.service import Service
from orchestrate.planner.services.work import Work
from orchestrate.planner.snapshot import ObservedReplica, Unreadable


def levels(project: Project) -> Mapping[str, int]:
    """How many services have to come one after the other before each; 0: none."""
    names = {service.name for service in project.services}
    before = {
        service.name: {one.service for one in service.depends_on} & names
        for service in project.services
    }
    found: dict[str, int] = {}
    for name in TopologicalSorter(before).static_order():
        found[name] = 1 + max((found[one] for one in before[name]), default=-1)
    return found


def in_order(project: Project) -> list[Service]:
    """Every service after those that it depends on; among equals by name."""
    level = levels(project)
    return sorted(project.services, key=lambda service: (level[service.name], service.name))


def by_importance(projects: Iterable[Project]) -> list[tuple[Project, Service, int]]:
    """Every service of all projects, with its level: the more important first; of equals as they come."""
    found = [ranked for project in projects for ranked in _ranked(project)]
    return [ranked[1:] for ranked in sorted(found, key=lambda ranked: -ranked[0])]


def _ranked(project: Project) -> Iterator[tuple[int, Project, Service, int]]:
    """Yield services with their importance: a dependency is as important as its dependents."""
    level, ordered = levels(project), in_order(project)
    importance = {service.name: service.priority for service in ordered}
    for service in reversed(ordered):
        for name in importance.keys() & {one.service for one in service.depends_on}:
            importance[name] = max(importance[name], importance[service.name])
    for service in ordered:
        yield importance[service.name], project, service, level[service.name]


_SAID: Mapping[Condition, str] = {
    "service_started": "runs",
    "service_healthy": "is passing",
    "service_completed_successfully": "has completed",
}


@dataclass(slots=True, kw_only=True)
class Gate:
    """The state of a project's services so far, in the order of their dependencies."""

    project: Project
    hidden: Unreadable
    scope: Scope
    _replicas: dict[str, Collection[ObservedReplica]] = field(default_factory=dict)

    def note(self, service: Service, seen: Collection[ObservedReplica], done: Work) -> None:
        """Keep the replicas of a service to which its work adds none."""
        is_starting = any(self.scope.covers(unit.nodes) for unit in done.starts)
        is_hidden = bool(self.hidden.holders_of(self.project.name, service.name))
        if not (is_starting or is_hidden) and service.deploy.replicas:
            self._replicas[service.name] = seen

    def waits_for(self, service: Service) -> str:
        """Why nothing of the service may start yet; empty: it may."""
        held = next((one for one in service.depends_on if self._is_lacking(one)), None)
        if held is None:
            return ""
        return f"waits for {self.project.name}/{held.service}, of which no replica {_SAID[held.condition]}"

    def _is_lacking(self, dependency: Dependency) -> bool:
        replicas = self._replicas.get(dependency.service)
        if replicas is None or not dependency.required:
            return False
        return not any(_fulfils(replica, dependency.condition) for replica in replicas)


def _fulfils(replica: ObservedReplica, condition: Condition) -> bool:
    match condition:
        case "service_started":
            return replica.is_running or replica.has_completed
        case "service_healthy":
            return replica.is_passing
        case "service_completed_successfully":
            return replica.has_completed
        case _:
            assert_never(condition)
