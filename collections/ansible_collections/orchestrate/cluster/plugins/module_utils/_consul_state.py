# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Consul agent of this node lists of ours, and whether it has a leader."""

from __future__ import annotations

import glob
import os

from ansible_collections.orchestrate.cluster.plugins.module_utils._consul import (
    Consul,
    health_of,
    is_ours,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import UnavailableError
from ansible_collections.orchestrate.cluster.plugins.module_utils._parallel import together
from ansible_collections.orchestrate.cluster.plugins.module_utils._registration import Registrations


def programs(directory: str) -> list[str]:
    """Consul's programs that are there: the distribution's, and those that came with a checksum."""
    patterns = ("/usr/bin/consul", os.path.join(directory, "consul-*", "consul"))
    return [path for pattern in patterns for path in glob.glob(pattern)]


def consul_state(consul: Consul, files: Registrations, directory: str) -> dict:
    """`directory` is that of the programs; without one there is nothing that could be started."""
    try:
        seen = together(
            services=consul.services, checks=consul.checks, leader=lambda: _leader(consul)
        )
    except UnavailableError:
        is_there = os.path.isdir(files.directory) and programs(directory)
        state = "stopped" if is_there else "absent"
        return {"state": state, "leader": "", "services": []}
    ours = (service for service in seen["services"].values() if is_ours(service))
    services = [_describe(service, seen["checks"], files) for service in ours]
    return {
        "state": "running",
        "leader": seen["leader"],
        "services": sorted(services, key=lambda service: service["id"]),
    }


def _leader(consul: Consul) -> str:
    try:
        return consul.leader()
    except UnavailableError:
        return ""


def _describe(service: dict, checks: list[dict], files: Registrations) -> dict:
    health = health_of(service["ID"], checks)
    return {
        "id": service["ID"],
        "service": service["Service"],
        "address": service["Address"],
        "port": service["Port"],
        "meta": service["Meta"],
        "status": health.status,
        "output": health.output,
        "file": files.exists(service["ID"]),
    }
