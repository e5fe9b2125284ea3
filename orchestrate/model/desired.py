"""Desired: what the user wants. Nothing that a cycle sees or tries changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrate.model.settings import Settings
from orchestrate.model.spec.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """Projects sorted by name. A project without services is one that is being removed.

    `leaving` has for each of those the level of the services that it had: dependents stop before what they
    depend on. `purged` names the removed projects whose volumes go too.
    """

    projects: tuple[Project, ...] = ()
    settings: Settings = field(default_factory=Settings)
    leaving: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    purged: frozenset[str] = frozenset()
