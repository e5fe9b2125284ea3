"""Stage 5: canonical Compose data to the model. It has passed validation: nothing is checked here."""

from __future__ import annotations

from dataclasses import replace

from orchestrate.model.spec.project import Project
from orchestrate.model.spec.storage import Volume
from orchestrate.spec.convert.fields import Fields, read_fields
from orchestrate.spec.convert.files import make_files
from orchestrate.spec.convert.networks import join, make_networks
from orchestrate.spec.convert.service import make_service
from orchestrate.spec.located import Plain
from orchestrate.spec.rules.depends import COMPLETED


def convert(data: Plain) -> Project:
    project, networks = data["name"], make_networks(data["name"], data.get("networks", {}))
    awaited = _awaited(data["services"])
    files = make_files(data)
    return Project(
        name=project,
        services=tuple(
            make_service(
                name,
                service,
                files,
                join(project, name, service, networks),
                is_awaited=name in awaited,
            )
            for name, service in sorted(data["services"].items())
        ),
        volumes=tuple(
            _make_volume(name, volume) for name, volume in sorted(data.get("volumes", {}).items())
        ),
    )


def _make_volume(name: str, data: Plain) -> Volume:
    volume = Volume(name=name, **read_fields(data, _VOLUME))
    return replace(volume, called=name) if volume.external and not volume.called else volume


def _awaited(services: Plain) -> set[str]:
    """The services of which others wait for the end."""
    return {
        name
        for service in services.values()
        for name, dependency in service.get("depends_on", {}).items()
        if dependency["condition"] == COMPLETED
    }


_VOLUME: Fields = {
    "name": ("called", str),
    "external": ("external", bool),
    "labels": ("labels", dict),
}
