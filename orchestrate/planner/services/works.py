"""The work of every service of every project, in the order in which they are placed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from orchestrate.model.attempt import Attempt
from orchestrate.model.desired import Desired
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.plan import Unmet
from orchestrate.model.scope import Scope
from orchestrate.model.spec.project import Project
from orchestrate.planner.containers.replica import wanted_replica
from orchestrate.planner.placement.ledger import Ledger
from orchestrate.planner.services.context import ServiceContext
from orchestrate.planner.services.dependencies import Gate, by_importance
from orchestrate.planner.services.replacement import stop
from orchestrate.planner.services.work import Work, work
from orchestrate.planner.snapshot import ObservedReplica, replicas_by_service, unreadable_in
from orchestrate.planner.steps import Unit
from orchestrate.scheduler.demand import ServiceKey

Groups = Mapping[ServiceKey, Sequence[ObservedReplica]]


def all_works(
    desired: Desired, attempt: Attempt, scope: Scope, observed: Observed, ledger: Ledger
) -> Iterator[Work]:
    """Books what starts in the ledger. Projects that failed in this cycle are left alone."""
    replicas = {
        key: group
        for key, group in replicas_by_service(observed).items()
        if key[0] not in attempt.failed
    }
    active = dataclasses.replace(
        desired, projects=tuple(one for one in desired.projects if one.name not in attempt.failed)
    )
    base = _Base(desired=active, scope=scope, observed=observed, ledger=ledger)
    yield from base.wanted_works(replicas)
    yield from _unwanted_works(active, replicas)
    for name, reason in sorted(attempt.failed.items()):
        yield Work(unmet=(Unmet(subject=name, reason=reason),))


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """The inputs that the planning of all services has in common."""

    desired: Desired
    scope: Scope
    observed: Observed
    ledger: Ledger

    def wanted_works(self, replicas: Groups) -> Iterator[Work]:
        hidden = unreadable_in(self.observed)
        gates = {
            project.name: Gate(project=project, hidden=hidden, scope=self.scope)
            for project in self.desired.projects
        }
        for project, service, level in by_importance(self.desired.projects):
            gate = gates[project.name]
            context = ServiceContext(
                project=project,
                service=service,
                first=wanted_replica(project, service, 1),
                replicas=replicas.get((project.name, service.name), ()),
                observed=self.observed,
                hidden=hidden,
                ledger=self.ledger,
                settings=self.desired.settings,
                waits_for=gate.waits_for(service),
                scope=self.scope,
            )
            done = dataclasses.replace(work(context), level=level)
            gate.note(service, context.replicas, done)
            yield done


def _unwanted_works(desired: Desired, replicas: Groups) -> Iterator[Work]:
    """Replicas of services that no file has any more."""
    projects = {project.name: project for project in desired.projects}
    wanted = {
        (project.name, service.name) for project in desired.projects for service in project.services
    }
    for (name, service_name), group in sorted(replicas.items()):
        if (name, service_name) in wanted:
            continue
        level = desired.leaving.get(name, {}).get(service_name, 0)
        yield _orphans(projects[name], group, level) if name in projects else _foreign(group)


def _orphans(project: Project, group: Sequence[ObservedReplica], level: int) -> Work:
    reason = (
        "its service is no longer in the file" if project.services else "its project is removed"
    )
    stops = (Unit(label=one.label, phases=((stop(one, reason, None),),)) for one in group)
    return Work(level=level, last=tuple(stops))


def _foreign(group: Sequence[ObservedReplica]) -> Work:
    """Never touched: the journal may be the one that is wrong."""
    project = group[0].container.project
    reason = f"project {project} is not deployed here: `orchestrate down {project}` removes it"
    unmet = (Unmet(subject=f"{one.label} on {one.node.name}", reason=reason) for one in group)
    return Work(unmet=tuple(unmet), is_foreign=True)
