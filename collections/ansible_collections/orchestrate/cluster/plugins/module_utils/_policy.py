# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of who may reach whom on this node. The program of the role `network` enforces it, now and
at each boot; what it cannot take is refused here, before anything is written.
"""

from __future__ import annotations

import ipaddress
import json
import re

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import (
    ActionError,
    UnavailableError,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import Node
from ansible_collections.orchestrate.cluster.plugins.module_utils._program import (
    output_of,
    read_record,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._written import write_whole

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")
_RECORD = "policy.json"
_LOADED_WITHIN_S = 60.0


def policy_of(networks: dict, confined: list[str]) -> dict:
    """Give a policy its one written form: names and addresses sorted."""
    for name in networks:
        if not _NAME.fullmatch(name):
            raise ActionError(f"networks: {name!r} is no name of a network: letters, digits, _ . -")
    return {
        "networks": {name: _addresses(name, networks[name]) for name in sorted(networks)},
        "confined": _addresses("confined", confined),
    }


def recorded(node: Node) -> dict:
    """Return the policy on disk; {} when there is none, or none that can be read."""
    try:
        return read_record(node.record(_RECORD)) or {}
    except UnavailableError:
        return {}


def enforce(policy: dict, node: Node) -> list[str]:
    """Return what the kernel had to be told anew."""
    write_whole(node.record(_RECORD), text_of(policy))
    program = node.program("network")
    try:
        loaded = json.loads(
            output_of([program, "guard", node.record("network.json")], _LOADED_WITHIN_S)
        )
    except (UnavailableError, ValueError) as error:
        raise ActionError(f"{error}. Run `orchestrate provision` for this node") from error
    if loaded["state"] != "ok":
        raise ActionError(f"who may reach whom is not enforced: {'; '.join(loaded['problems'])}")
    return loaded["mended"]


def text_of(policy: dict) -> str:
    return json.dumps(policy, indent=2) + "\n" if policy else ""


def _addresses(place: str, texts: object) -> list[str]:
    try:
        return sorted({str(ipaddress.IPv4Address(text)) for text in texts})
    except (ValueError, TypeError) as error:
        raise ActionError(f"{place}: a list of IPv4 addresses is expected: {error}") from error
