# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of one action."""

from __future__ import annotations

from typing import Callable, NamedTuple

from ansible_collections.orchestrate.cluster.plugins.module_utils._engine import EngineError
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import (
    ActionError,
    UnavailableError,
)


class Result(NamedTuple):
    action: str
    name: str
    done: tuple[str, ...]
    before: str
    after: str
    failure: str = ""

    def report(self, index: int) -> dict:
        """Return what the modules document of it; it is the action at `index`."""
        detail = self.failure or ", ".join(self.done) or "nothing to do"
        return {
            "index": index,
            "action": self.action,
            "name": self.name,
            "changed": bool(self.done),
            "failed": bool(self.failure),
            "detail": detail,
        }


def failure_of(function: Callable[..., None], *arguments: object) -> str:
    """Call the function; returns what a person has to know of its failure, or nothing."""
    try:
        function(*arguments)
    except ActionError as error:
        return str(error)
    except EngineError as error:
        return f"the Docker Engine refuses: {error}"
    except UnavailableError as error:
        return f"{error}. Run `orchestrate provision` for this node"
    return ""
