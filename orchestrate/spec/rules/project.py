"""The top level of a Compose file."""

from __future__ import annotations

import re

from orchestrate.spec.located import Plain
from orchestrate.spec.rules.cursor import Cursor
from orchestrate.spec.rules.files import CONFIGS, SECRETS
from orchestrate.spec.rules.kinds import Named, OrNull, PassedOver, Refused, Scalar, Section
from orchestrate.spec.rules.mounts import VOLUME_NAME
from orchestrate.spec.rules.networks import NETWORKS, check_external
from orchestrate.spec.rules.pairs import LABELS
from orchestrate.spec.rules.scalars import BOOLEAN, matching, one_of
from orchestrate.spec.rules.service import SERVICE
from orchestrate.spec.rules.sources import INCLUDE

_PROJECT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_SERVICE_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?")
_DOUBLE = "two dashes in a row part the project from the service where names are registered"


def parse_project_name(text: str) -> str | None:
    if "--" in text:
        raise ValueError(_DOUBLE)
    return text if _PROJECT_NAME.fullmatch(text) else None


def normalise_project_name(directory: str) -> str:
    """Make a project's name of that of its directory, as Compose does."""
    return re.sub(r"[^a-z0-9_-]", "", directory.lower()).lstrip("_-")


def _parse_service_name(text: str) -> str | None:
    if "--" in text:
        raise ValueError(_DOUBLE)
    return text if _SERVICE_NAME.fullmatch(text) else None


def _check_services(spot: Cursor, project: Plain) -> None:
    if project.get("services") == {} and not dict(spot.entries())["services"].content:
        spot.refuse('"services" is empty: to take a project away, use the command down')


_VOLUME_NAME = matching("a name of letters, digits and _ . -", VOLUME_NAME.pattern)
_VOLUME = Section(
    keys={
        "labels": LABELS,
        "driver": one_of("local"),
        "driver_opts": Refused("a volume is a directory of its node: mount shares by a play"),
        "external": BOOLEAN,
        "name": _VOLUME_NAME,
    },
    checks=(check_external,),
    may_be_empty=True,
)

PROJECT_NAME = Scalar("a name of a-z, 0-9, - and _, first a letter or digit", parse_project_name)

PROJECT = Section(
    keys={
        "name": PROJECT_NAME,
        "version": PassedOver("has had no meaning since Compose has one format: remove it"),
        "services": Named(
            Scalar("a name that DNS can hold, of letters, digits, - and _", _parse_service_name),
            SERVICE,
        ),
        "volumes": OrNull(Named(_VOLUME_NAME, _VOLUME)),
        "networks": OrNull(NETWORKS),
        "configs": CONFIGS,
        "secrets": SECRETS,
        "include": INCLUDE,
        "models": Refused("run the model as a service of its own"),
    },
    required={"services": "there is nothing to run"},
    checks=(_check_services,),
)
