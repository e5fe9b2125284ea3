# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Consul shall list of this node's replicas: files and agent brought to the same state."""

from __future__ import annotations

from ansible_collections.orchestrate.cluster.plugins.module_utils._consul import (
    MAINTENANCE_REASON,
    Consul,
    health_of,
    is_ours,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import (
    ActionError,
    NotRunningError,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._registration import (
    ALIAS_MARK,
    Registrations,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._until import until

_LISTED_WITHIN_S = 10.0
_POLL_S = 0.1


class Catalogue:
    """Definitions are Consul's service definitions, each by its service's id."""

    def __init__(self, consul: Consul, files: Registrations) -> None:
        self.consul = consul
        self.files = files

    def outdated(self, definitions: dict[str, dict]) -> dict[str, str]:
        """Tell what is to be done for which id; nothing is changed."""
        services, checks = self.consul.services(), self.consul.checks()
        reasons = {}
        for service_id, definition in definitions.items():
            if self.files.read(service_id) != definition:
                reasons[service_id] = "registered"
            elif not _is_listed(definition, services, checks):
                reasons[service_id] = "registered again"
            elif health_of(service_id, checks).output == MAINTENANCE_REASON:
                reasons[service_id] = "taken out of maintenance"
        return reasons

    def register(self, definitions: dict[str, dict]) -> dict[str, str]:
        """Make it so, with one reload for all; tells what was done for which id."""
        reasons = self.outdated(definitions)
        changed = {service_id: definitions[service_id] for service_id in reasons}
        for service_id, definition in changed.items():
            self.files.write(service_id, definition)
        if changed:
            self.consul.reload()
            self._wait_until_listed(changed)
            self._leave_maintenance(changed)
        return reasons

    def knows(self, service_id: str) -> bool:
        """Tell whether there is anything to deregister. Refuses what somebody else registered."""
        try:
            service = self.consul.services().get(service_id)
        except NotRunningError:
            service = None
        if service and not is_ours(service):
            raise ActionError(
                f"{service_id}: Consul lists a service of this id that orchestrate did not register; "
                "it is left alone. Give it another id, or remove it by hand"
            )
        return bool(service) or self.files.exists(service_id)

    def deregister(self, service_id: str) -> None:
        """Forget a replica. A stopped agent needs no telling: it will not find the file."""
        self.files.remove(service_id)
        try:
            for listed in self.consul.services():
                if listed.partition(ALIAS_MARK)[0] == service_id:
                    self.consul.deregister(listed)
        except NotRunningError:
            return

    def _wait_until_listed(self, definitions: dict[str, dict]) -> None:
        missing = until(
            lambda: self._missing(definitions),
            lambda missing: not missing,
            within_s=_LISTED_WITHIN_S,
            poll_s=_POLL_S,
        )
        if missing:
            raise ActionError(
                f"Consul does not take {', '.join(missing)} from {self.files.directory}: "
                f"try `consul validate {self.files.directory}`"
            )

    def _missing(self, definitions: dict[str, dict]) -> list[str]:
        services, checks = self.consul.services(), self.consul.checks()
        return [i for i, wanted in definitions.items() if not _is_listed(wanted, services, checks)]

    def _leave_maintenance(self, definitions: dict[str, dict]) -> None:
        checks = self.consul.checks()
        for service_id in definitions:
            if health_of(service_id, checks).output == MAINTENANCE_REASON:
                self.consul.leave_maintenance(service_id)


def _is_listed(definition: dict, services: dict[str, dict], checks: list[dict]) -> bool:
    wanted = definition["service"]
    listed = services.get(wanted["id"], {})
    seen = {
        "id": listed.get("ID"),
        "name": listed.get("Service"),
        "address": listed.get("Address"),
        "port": listed.get("Port"),
        "tags": listed.get("Tags"),
        "meta": listed.get("Meta"),
    }
    has_aliases = all(alias["id"] in services for alias in definition.get("services", ()))
    has_check = "check" not in wanted or any(c["CheckID"] == wanted["check"]["id"] for c in checks)
    return has_aliases and has_check and all(wanted[name] == value for name, value in seen.items())
