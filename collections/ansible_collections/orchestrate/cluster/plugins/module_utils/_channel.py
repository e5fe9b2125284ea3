# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""M(orchestrate.cluster.node_info) without Ansible around it: the same code, the same answer.

The module's parameters come on standard input; the answer is the last line.
"""

from __future__ import annotations

import gc
import json
import os
import sys

from ansible_collections.orchestrate.cluster.plugins.module_utils._observe import ARGUMENTS, observe


def main() -> None:
    gc.disable()  # it is over before there is any garbage
    parameters = json.load(sys.stdin)
    defaults = {name: _default(argument) for name, argument in ARGUMENTS.items()}
    print(json.dumps(observe({**defaults, **parameters})))
    gc.freeze()  # nor is there a search at the end


def _default(argument: dict) -> object:
    """As Ansible would fill it in."""
    value = argument["default"]
    return os.path.expanduser(value) if argument["type"] == "path" else value
