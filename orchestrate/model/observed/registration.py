"""A replica as Consul lists it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orchestrate.model.observed.container import parse_slot

ServiceStatus = Literal["passing", "warning", "critical", "maintenance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A replica in the catalogue of its node's Consul agent; `filed` is False when its file is gone."""

    id: str
    service: str = ""
    address: str = ""
    port: int = 0
    meta: Mapping[str, str] = field(default_factory=dict)
    status: ServiceStatus = "critical"
    output: str = ""
    filed: bool = True

    @property
    def slot(self) -> int:
        return parse_slot(self.meta.get("slot", ""))

    @property
    def project(self) -> str:
        return self.meta.get("project", "?")

    @property
    def label(self) -> str:
        return f"{self.project}/{self.meta.get('service', '?')}.{self.slot}"
