# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the proxy of this node runs, and runs with the configuration that was written for it."""

from __future__ import annotations

import hashlib

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import UnavailableError
from ansible_collections.orchestrate.cluster.plugins.module_utils._program import read_record
from ansible_collections.orchestrate.cluster.plugins.module_utils._sockets import (
    listening,
    own_addresses,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._units import Unit

_PROGRAM = "haproxy"
_NO_BIND = {"address": "", "port": 0}


def proxy_state(record: str, configuration: str, service: Unit) -> dict:
    try:
        own = read_record(record)
    except UnavailableError as error:
        return _answer(_state(service), [str(error)], {})
    if own is None or service.is_missing:
        return _answer("absent", [], {})
    return _answer(_state(service), _problems(own, configuration, service), own)


def _answer(state: str, problems: list[str], own: dict) -> dict:
    """Who listens where matters on a proxy only."""
    return {
        "state": state,
        "routes": own.get("routes", ""),
        "problems": problems,
        "bind": own.get("bind", _NO_BIND),
        "listening": listening(_PROGRAM) if own else [],
        "addresses": own_addresses() if own else [],
    }


def _state(service: Unit) -> str:
    return "running" if service.is_up else "stopped"


def _problems(own: dict, configuration: str, service: Unit) -> list[str]:
    problems = []
    if not service.is_up:
        problems.append(f"haproxy.service is {service.active or 'not known to systemd'}")
    seen = _checksum(configuration)
    if seen is None:
        problems.append(f"{configuration} is missing")
    elif seen != own.get("sha256"):
        problems.append(f"{configuration} differs from what was written")
    return problems


def _checksum(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return None
