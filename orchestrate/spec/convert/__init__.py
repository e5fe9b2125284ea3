"""Stage 5: canonical Compose data to the model. It has passed validation: nothing is checked here."""

from __future__ import annotations

from orchestrate.model.spec import Project, Volume
from orchestrate.spec.convert.fields import Fields, read_fields
from orchestrate.spec.convert.service import make_service
from orchestrate.spec.located import Plain


def convert(data: Plain) -> Project:
    return Project(
        name=data["name"],
        services=tuple(
            make_service(name, service) for name, service in sorted(data["services"].items())
        ),
        volumes=tuple(
            Volume(name=name, **read_fields(volume, _VOLUME))
            for name, volume in sorted(data.get("volumes", {}).items())
        ),
    )


_VOLUME: Fields = {"labels": ("labels", dict)}
