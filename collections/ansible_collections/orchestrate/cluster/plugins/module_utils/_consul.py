# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Consul agent of this node: what it lists, how that is, and the few things that it is told."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import (
    ActionError,
    UnavailableError,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._http import Endpoint, Request

# A service that carries these was registered by us.
OWNER_META = frozenset({"project", "service", "slot", "revision"})
# What we write when we take a replica out of traffic; somebody else's maintenance is not ours to end.
MAINTENANCE_REASON = "orchestrate: stopping this replica"

_ANSWER_WITHIN_S = 10.0
_RELOAD_WITHIN_S = 30.0
# Without servers the agent tries for long; that there is no leader is an answer as well.
_LEADER_WITHIN_S = 3.0
_OK = 200
_SERVICE_MAINTENANCE = "_service_maintenance:"
_NODE_MAINTENANCE = "_node_maintenance"
_OUTPUT_LENGTH = 500


class Health(NamedTuple):
    status: str
    output: str


class Consul:
    def __init__(self, url: str) -> None:
        self.endpoint = Endpoint(f"Consul agent at {url}", _address(url), _ANSWER_WITHIN_S)

    def services(self) -> dict[str, dict]:
        return self._call("GET", "/v1/agent/services")

    def checks(self) -> list[dict]:
        return list(self._call("GET", "/v1/agent/checks").values())

    def leader(self) -> str:
        status, content = self.endpoint.ask(Request("GET", "/v1/status/leader"), _LEADER_WITHIN_S)
        return json.loads(content) if status == _OK else ""

    def reload(self) -> None:
        self._call("PUT", "/v1/agent/reload", _RELOAD_WITHIN_S)

    def enter_maintenance(self, service_id: str) -> None:
        question = urlencode({"enable": "true", "reason": MAINTENANCE_REASON})
        self._call("PUT", f"/v1/agent/service/maintenance/{quote(service_id)}?{question}")

    def leave_maintenance(self, service_id: str) -> None:
        self._call("PUT", f"/v1/agent/service/maintenance/{quote(service_id)}?enable=false")

    def deregister(self, service_id: str) -> None:
        self._call("PUT", f"/v1/agent/service/deregister/{quote(service_id)}")

    def _call(self, method: str, path: str, timeout_s: float | None = None) -> Any:
        status, content = self.endpoint.ask(Request(method, path), timeout_s)
        if status != _OK:
            reason = content.decode(errors="replace").strip()
            raise UnavailableError(
                f"{self.endpoint.name} refuses {method} {path.partition('?')[0]}: {reason}"
            )
        return _decode(content) if content else None


def is_ours(service: dict) -> bool:
    return OWNER_META.issubset(service.get("Meta") or {})


def health_of(service_id: str, checks: list[dict]) -> Health:
    """Join the checks of a service as Consul does: maintenance hides all, the worst status counts."""
    concerning = [check for check in checks if check["ServiceID"] in (service_id, "")]
    for check in concerning:
        if check["CheckID"] in (_SERVICE_MAINTENANCE + service_id, _NODE_MAINTENANCE):
            return Health("maintenance", check["Notes"])
    for status in ("critical", "warning"):
        for check in concerning:
            if check["Status"] == status:
                return Health(status, check["Output"][:_OUTPUT_LENGTH])
    return Health("passing", "")


def _decode(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError as error:
        raise UnavailableError("the Consul agent broke off its answer") from error


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ActionError(
            f"consul_url {url!r}: write http://ADDRESS:PORT of the agent on this node"
        )
    return parts.hostname, parts.port or 8500
