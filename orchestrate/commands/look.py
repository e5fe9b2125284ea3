"""`status`, `ps`, `nodes`: a look at the cluster."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrate.commands.desired_state import projects_of
from orchestrate.commands.session import Session
from orchestrate.cycle.snapshot import see, with_variables
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.spec.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterView:
    """The deployed projects, and the snapshot of the nodes."""

    projects: tuple[Project, ...]
    observed: Observed


def look(session: Session) -> ClusterView:
    with session.connected() as here:
        journal = here.ports.store.read()
        projects = projects_of(journal)
        observed = see(here.ports, journal, here.look())
        observed = with_variables(here.ports, projects, observed)
        return ClusterView(projects=projects, observed=observed)
