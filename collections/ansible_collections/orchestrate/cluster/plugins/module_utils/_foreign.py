# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What containers that are not ours may take of their node. They are looked at, and never touched."""

from __future__ import annotations

from ansible_collections.orchestrate.cluster.plugins.module_utils._config import read_limits
from ansible_collections.orchestrate.cluster.plugins.module_utils._container import is_ours
from ansible_collections.orchestrate.cluster.plugins.module_utils._engine import Engine
from ansible_collections.orchestrate.cluster.plugins.module_utils._parallel import each

_AT_ONCE = 4
# What has ended needs nothing, and whether it runs again is not for us to say.
_RUNNING = frozenset({"running", "paused", "restarting"})
_PERIOD = 100_000


def foreign_share(engine: Engine, listed: list[dict]) -> dict:
    """Sum up what they have reserved, or else what they are limited to."""
    ids = [
        container["Id"]
        for container in listed
        if container["State"] in _RUNNING and not is_ours(container["Labels"])
    ]
    hosts = [found["HostConfig"] for found in each(engine.container, ids, _AT_ONCE) if found]
    shares = [_share(host) for host in hosts]
    return {name: sum(share[name] for share in shares) for name in ("memory", "cpus", "pids")}


def _share(host: dict) -> dict:
    limits = read_limits(host)
    return {
        "memory": limits["memory_reservation"] or limits["memory"],
        "cpus": limits["cpus"] or _quota(host),
        "pids": limits["pids"],
    }


def _quota(host: dict) -> float:
    """The older way to limit CPUs; the period is the engine's unless somebody has set one."""
    return max(host.get("CpuQuota") or 0, 0) / (host.get("CpuPeriod") or _PERIOD)
