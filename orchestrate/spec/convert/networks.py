"""Networks to the model: from the keys of one file to names that hold in the whole cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestrate.model.network import Network, default_network
from orchestrate.spec.located import Plain

_DEFAULT = "default"


def make_networks(project: str, data: Plain) -> Mapping[str, Network]:
    """The networks that the file declares, by key."""
    return {
        key: Network(
            name=declared.get("name") or _named(project, key, declared),
            internal=declared.get("internal", False),
        )
        for key, declared in data.items()
    }


def _named(project: str, key: str, declared: Plain) -> str:
    """Return the name of a network; an external one has its own name, or that of its key."""
    return key if declared.get("external") else f"{project}_{key}"


def join(
    project: str, name: str, service: Plain, declared: Mapping[str, Network]
) -> dict[str, Any]:
    """The fields of a service's network that say what it is in, and under which other names it is found."""
    joined = service.get("networks", {_DEFAULT: {}})
    if joined.keys() == {_DEFAULT} and _DEFAULT not in declared:
        networks = []
    else:
        known = {_DEFAULT: default_network(project), **declared}
        networks = sorted({known[key] for key in joined})
    aliases = {alias for one in joined.values() for alias in one.get("aliases", ())}
    aliases |= {service["container_name"]} if "container_name" in service else set()
    return {"networks": tuple(networks), "aliases": tuple(sorted(aliases - {name}))}
