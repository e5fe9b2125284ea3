"""What Consul's catalogue remembers of nodes that do not answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestrate.adapters.consul.access import Access
from orchestrate.model.observed import Registration
from orchestrate.ports import Remembered

_NODE_CHECK = "serfHealth"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsulCatalogue:
    access: Access

    def remembered(self, nodes: Iterable[str]) -> Mapping[str, Remembered]:
        names = list(nodes)
        if not names:
            return {}
        with self.access.speaking("Consul's catalogue cannot be read") as client:
            return {name: _remembered(client, name) for name in names}


def _remembered(client: Any, name: str) -> Remembered:
    _, checks = client.health.node(name)
    is_alive = any(
        check["CheckID"] == _NODE_CHECK and check["Status"] == "passing" for check in checks
    )
    _, node = client.catalog.node(name)
    services = (node or {}).get("Services", {})
    return Remembered(
        is_alive=is_alive,
        registrations=tuple(
            Registration(
                id=service["ID"],
                service=service["Service"],
                address=service["Address"],
                port=service["Port"],
                meta=service["Meta"] or {},
            )
            for _, service in sorted(services.items())
            if "slot" in (service["Meta"] or {})
        ),
    )
