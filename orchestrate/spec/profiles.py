"""The stage that leaves out the services of which no profile is active."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

from orchestrate.spec.located import SPOILED, Located
from orchestrate.spec.rules.cursor import Cursor, Validation
from orchestrate.spec.rules.sources import PROFILES

ALL = "*"
Inactive: TypeAlias = Mapping[str, tuple[str, ...]]
"""The services that were left out, each with its profiles."""


def select(
    root: Located, active: Collection[str], examination: Validation
) -> tuple[Located, Inactive]:
    """The services without a profile, and those with an active one; none has `profiles` any more."""
    if not isinstance(root.content, dict) or "services" not in root.content:
        return root, {}
    services = root.content["services"]
    if not isinstance(services.content, dict):
        return root, {}
    kept: dict[str, Located] = {}
    inactive: dict[str, tuple[str, ...]] = {}
    for name, service in services.content.items():
        profiles = _profiles(Cursor(service, ("services", name), examination))
        examination.profiles.update(profiles)
        if not profiles or ALL in active or set(profiles) & set(active):
            kept[name] = _without_profiles(service)
        else:
            inactive[name] = profiles
    if inactive and not kept:
        some = ", ".join(sorted({name for names in inactive.values() for name in names}))
        Cursor(services, ("services",), examination).refuse(
            f"each of them has a profile, and none is active: ask for one by --profile ({some})"
        )
    left = services._replace(content=kept if kept or not inactive else SPOILED)
    return root._replace(content={**root.content, "services": left}), inactive


def _profiles(service: Cursor) -> tuple[str, ...]:
    if not isinstance(service.content, dict) or "profiles" not in service.content:
        return ()
    found = service.at("profiles", service.content["profiles"]).read(PROFILES)
    return tuple(found or ())


def _without_profiles(service: Located) -> Located:
    if not isinstance(service.content, dict) or "profiles" not in service.content:
        return service
    kept = {key: value for key, value in service.content.items() if key != "profiles"}
    return service._replace(content=kept)
