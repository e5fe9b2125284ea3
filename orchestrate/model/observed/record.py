"""The journal's record of a node at the moment of a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrate.model.node import Added, Availability

StartKey = tuple[str, str, str]
"""Project, service and revision of a replica that was to start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The journal's record of a node, as far as it still holds; by default that of a node it does not know."""

    availability: Availability = "active"
    drained_by: float | None = None
    """When what still holds on to a draining node is stopped; None: never."""
    unknown_since: float | None = None
    """When this node was first found silent, seconds since the epoch; None while it answers."""
    is_known: bool = False
    """True if the journal says how to reach it, wherever the inventory may be."""
    added: Added = ""
    empty_since: float | None = None
    """Since when one that was added has nothing to do."""
    tried_at: float | None = None
    """When waking it, or having it removed, was last tried in vain."""
    given_up: frozenset[str] = frozenset()
    """The volumes whose data here was given up: they hold what is out of date."""
    failed: Mapping[StartKey, int] = field(default_factory=dict)
    """How often which start failed here lately."""
