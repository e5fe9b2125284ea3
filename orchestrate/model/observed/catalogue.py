"""The view that Consul's catalogue has of a node."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrate.model.observed.registration import Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueView:
    """The entries of a node that cannot be read in Consul's catalogue."""

    is_alive: bool
    registrations: tuple[Registration, ...] = ()
