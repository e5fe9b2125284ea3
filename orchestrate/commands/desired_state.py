"""The journal -> what is desired of the cluster."""

from __future__ import annotations

from orchestrate.model.desired import Desired
from orchestrate.model.journal import Journal
from orchestrate.model.settings import Settings
from orchestrate.model.spec.project import Project
from orchestrate.planner.services.dependencies import levels
from orchestrate.spec import restore


def desired_of(journal: Journal, settings: Settings) -> Desired:
    """Return the deployed projects, and the rest of those that are being removed."""
    records = journal.projects.values()
    return Desired(
        projects=projects_of(journal),
        settings=settings,
        purged=frozenset(record.name for record in records if record.is_purged),
        leaving={
            record.name: levels(restore(record.data)) for record in records if record.is_removed
        },
    )


def projects_of(journal: Journal) -> tuple[Project, ...]:
    """Sorted by name; of a removed one only the name and the volumes are left."""
    found = []
    for _, record in sorted(journal.projects.items()):
        project = restore(record.data)
        if record.is_removed:
            project = Project(name=project.name, volumes=project.volumes)
        found.append(project)
    return tuple(found)
