# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the network of this node is as it was set up: the program that sets it up knows, and is
asked.
"""

from __future__ import annotations

import json

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import (
    NotRunningError,
    UnavailableError,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._program import (
    output_of,
    read_record,
)

_ANSWER_WITHIN_S = 15.0


def network_state(program: str, record: str, *, engine_sleeps: bool) -> dict:
    return {**_checked(program, engine_sleeps), "peers": _peers(record)}


def _checked(program: str, engine_sleeps: bool) -> dict:  # noqa: FBT001 - private
    if engine_sleeps:
        # The program would ask the engine, and so wake it.
        return _unknown("drifted", "the network was not checked: the Docker Engine is stopped")
    try:
        checked = json.loads(output_of([program, "check"], _ANSWER_WITHIN_S))
        return {
            "state": checked["state"],
            "problems": checked["problems"],
            "subnet": checked.get("subnet", ""),
            "gateway": checked.get("gateway", ""),
            "policy": checked.get("policy"),
        }
    except NotRunningError:
        return _unknown("absent")
    except (UnavailableError, ValueError, KeyError, TypeError) as error:
        return _unknown("drifted", f"the network cannot be checked: {error}")


def _peers(record: str) -> list[str]:
    """The names of the nodes that this one was told of."""
    try:
        found = read_record(record) or {}
        return [str(peer["name"]) for peer in found["peers"] if peer["name"] != found["name"]]
    except (UnavailableError, KeyError, TypeError):
        return []  # that it is damaged is said by the program


def _unknown(state: str, *problems: str) -> dict:
    return {"state": state, "problems": list(problems), "subnet": "", "gateway": "", "policy": None}
