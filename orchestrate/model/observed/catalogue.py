"""What Consul's catalogue holds of a node."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrate.model.observed.registration import Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueView:
    """What Consul's catalogue holds of a node that cannot be read."""

    is_alive: bool
    registrations: tuple[Registration, ...] = ()
