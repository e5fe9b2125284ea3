# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container as the engine inspects it: whose it is, and what is told of it."""

from __future__ import annotations

from ansible_collections.orchestrate.cluster.plugins.module_utils._address import address_of
from ansible_collections.orchestrate.cluster.plugins.module_utils._config import read_config
from ansible_collections.orchestrate.cluster.plugins.module_utils._files import Files

PROJECT_LABEL = "com.docker.compose.project"
OWNER_LABELS = frozenset({PROJECT_LABEL, "com.docker.compose.service", "orchestrate.slot"})


def is_ours(labels: dict[str, str] | None) -> bool:
    """Only what carries all of these labels is ever changed or removed."""
    return OWNER_LABELS.issubset(labels or {})


def describe(inspection: dict, network: str, gateway: str, files: Files) -> dict:
    state, states = inspection["State"], files.states(inspection)
    config = read_config(inspection, gateway)
    config["mounts"] = [mount for mount in config["mounts"] if mount["target"] not in states]
    return {
        "id": inspection["Id"],
        "name": inspection["Name"].lstrip("/"),
        "image_id": inspection["Image"],
        "state": status_of(inspection),
        "exit_code": state["ExitCode"],
        "created_at": inspection["Created"],
        "started_at": state["StartedAt"],
        "restart_count": inspection["RestartCount"],
        "health": health_of(inspection),
        "address": address_of(inspection, network),
        "files": states,
        "config": config,
    }


def status_of(inspection: dict) -> str:
    status = inspection["State"]["Status"]
    return "dead" if status == "removing" else status


def health_of(inspection: dict) -> str:
    return (inspection["State"].get("Health") or {}).get("Status") or "none"
