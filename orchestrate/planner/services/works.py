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
from orchestrate.model.spec.service import Service
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
    """Plan every service and book its starts; projects that failed in this cycle are left alone."""
    groups = replicas_by_service(observed)
    replicas = {key: group for key, group in groups.items() if key[0] not in attempt.failed}
    projects = (project for project in desired.projects if project.name not in attempt.failed)
    active = dataclasses.replace(desired, projects=tuple(projects))
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
        """Plan the services in the order of their importance; each may wait for those before it."""
        hidden = unreadable_in(self.observed)
        gates = {
            project.name: Gate(project=project, hidden=hidden, scope=self.scope)
            for project in self.desired.projects
        }
        for project, service, level in by_importance(self.desired.projects):
            gate = gates[project.name]
            group = replicas.get((project.name, service.name), ())
            planned = dataclasses.replace(work(self._context(gate, service, group)), level=level)
            gate.note(service, group, planned)
            yield planned

    def _context(
        self, gate: Gate, service: Service, replicas: Sequence[ObservedReplica]
    ) -> ServiceContext:
        return ServiceContext(
            project=gate.project,
            service=service,
            first=wanted_replica(gate.project, service, 1),
            replicas=replicas,
            observed=self.observed,
            hidden=gate.hidden,
            ledger=self.ledger,
            settings=self.desired.settings,
            waits_for=gate.waits_for(service),
            scope=self.scope,
        )


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
