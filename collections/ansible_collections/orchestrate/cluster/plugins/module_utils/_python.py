# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The oldest Python that the modules work with."""

from __future__ import annotations

import sys

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError

_OLDEST = (3, 9)


def check_python(version: tuple = tuple(sys.version_info[:2])) -> None:
    """ActionError on a node whose Python is too old: modules would fail halfway, and less clearly."""
    if version < _OLDEST:
        has, needed = (".".join(map(str, found)) for found in (version, _OLDEST))
        raise ActionError(
            f"{sys.executable} is Python {has}, and {needed} or later is needed: install one, and say where "
            f"it is with ansible_python_interpreter in the inventory"
        )
