# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that tells the Consul agent of a replica.

A file, because the agent runs local script checks only from there, and because files outlive the
agent. It is written aside under a name that Consul does not read, and put in place whole.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from typing import Any

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
_MODE = 0o640
_WRITE_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_GROUP = "consul"
ALIAS_MARK = ":"
"""Parts the id of a replica from the name that it is also found as; no container's name has it."""


def definition_of(registration: dict, address: str, health_program: str) -> dict:
    """Write a Registration as Consul's service definition. No traffic before a good check."""
    if not address:
        raise ActionError(
            f"{registration['id']}: the container has no address in its network: stop it first"
        )
    service = {
        "id": registration["id"],
        "name": registration["service"],
        "address": address,
        "port": registration["port"],
        "tags": registration["tags"],
        "meta": registration["meta"],
    }
    check = _check(registration, address, health_program)
    definition = {"service": {**service, "check": check} if check else service}
    aliases = [_alias(service, name) for name in registration["aliases"]]
    return {**definition, "services": aliases} if aliases else definition


def _alias(service: dict, name: str) -> dict:
    """Write a service that is where the replica is, and as healthy.

    It lacks the meta that says whose it is: it comes and goes with the replica's own.
    """
    own_id = f"{service['id']}{ALIAS_MARK}{name}"
    check = {"id": f"alias:{own_id}", "name": f"is {service['id']}", "alias_service": service["id"]}
    place = {"address": service["address"], "port": service["port"]}
    return {"id": own_id, "name": name, **place, "check": check}


def _check(registration: dict, address: str, health_program: str) -> dict | None:
    wanted = registration["check"]
    common = {
        "id": f"replica:{registration['id']}",
        "name": f"{wanted['kind']} check of {registration['id']}",
        "interval": f"{wanted['interval_s']:g}s",
        "timeout": f"{wanted['timeout_s']:g}s",
        "status": "critical",
    }
    kinds = {
        "none": None,
        "tcp": {**common, "tcp": f"{address}:{registration['port']}"},
        "engine": {**common, "args": [health_program, registration["id"]]},
    }
    return kinds[wanted["kind"]]


class Registrations:
    """The registration files of this node."""

    def __init__(self, directory: str) -> None:
        self.directory = directory

    def read(self, service_id: str) -> dict | None:
        """Return the definition on disk; None when there is none, or none that can be read."""
        try:
            with open(self._path(service_id), encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return None
        except ValueError:
            return {}

    def exists(self, service_id: str) -> bool:
        return os.path.exists(self._path(service_id))

    def write(self, service_id: str, definition: dict) -> None:
        path = self._path(service_id)
        aside = f"{path}.new"
        try:
            self._write_aside(aside, definition)
            os.replace(aside, path)
        except OSError as error:
            raise ActionError(
                f"{path} cannot be written ({error.strerror}): run `orchestrate provision`"
            ) from error

    def remove(self, service_id: str) -> bool:
        try:
            os.unlink(self._path(service_id))
        except FileNotFoundError:
            return False
        return True

    def _write_aside(self, aside: str, definition: dict[str, Any]) -> None:
        with open(os.open(aside, _WRITE_NEW, _MODE), "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), _MODE)
            json.dump(definition, file, indent=2, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        _give_to_group(aside)

    def _path(self, service_id: str) -> str:
        if not _NAME.fullmatch(service_id):
            raise ActionError(
                f"{service_id!r} is no name of a container: letters, digits, and . _ - after the first"
            )
        return os.path.join(self.directory, f"replica-{service_id}.json")


def _give_to_group(path: str) -> None:
    try:
        shutil.chown(path, group=_GROUP)
    except LookupError:
        return  # an agent that runs as root needs no group
