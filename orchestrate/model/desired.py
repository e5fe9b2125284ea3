"""What planning is given besides what was seen: the projects, and the rules of the house."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrate.model.settings import Settings
from orchestrate.model.spec import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """Projects sorted by name. A project without services is one that is being removed.

    `leaving` has for each of those the level of the services that it had: what depends on others goes before
    them. `purged` names the removed projects whose volumes go too. `limit` holds the nodes that may be
    changed; None: all of them.

    What failed in this cycle is left alone for the rest of it: `failed` names the projects, and says why;
    `unmended` the nodes of which a part could not be mended; `provisioned` those that were provisioned, with
    whatever success.

    `rebalances`: when all is as desired, what runs well is evened out. `insists`: nodes are added now, if they
    would help, however short ago that was last tried.
    """

    projects: tuple[Project, ...] = ()
    settings: Settings = field(default_factory=Settings)
    leaving: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    purged: frozenset[str] = frozenset()
    limit: frozenset[str] | None = None
    failed: Mapping[str, str] = field(default_factory=dict)
    unrepaired: frozenset[str] = frozenset()
    provisioned: frozenset[str] = frozenset()
    rebalances: bool = False
    insists: bool = False
