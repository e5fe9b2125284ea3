"""The desired state of one Compose file."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrate.model.spec.service import Service
from orchestrate.model.spec.storage import Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The desired state of one Compose file; services and volumes are sorted by name."""

    name: str
    services: tuple[Service, ...] = ()
    volumes: tuple[Volume, ...] = ()
