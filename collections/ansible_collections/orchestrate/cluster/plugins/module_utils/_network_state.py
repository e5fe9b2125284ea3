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


def network_state(program: str, record: str) -> dict:
    try:
        own = read_record(record) or {}
        checked = json.loads(output_of([program, "check"], _ANSWER_WITHIN_S))
        state, problems = checked["state"], checked["problems"]
    except NotRunningError:
        own, state, problems = {}, "absent", []
    except (UnavailableError, ValueError, KeyError, TypeError) as error:
        own, state, problems = {}, "drifted", [f"the network cannot be checked: {error}"]
    return {
        "state": state,
        "problems": problems,
        "subnet": own.get("subnet", ""),
        "gateway": own.get("gateway", ""),
    }
