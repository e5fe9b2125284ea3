# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands that are run inside a container after its start and before its stop.

A container carries its hooks in its labels, so that it can be started again and stopped by whoever
comes, also when the file that it was made of is long gone.
"""

from __future__ import annotations

import json

from ansible_collections.orchestrate.cluster.plugins.module_utils._engine import Engine, EngineError
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import (
    ActionError,
    UnavailableError,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._evidence import (
    demultiplex,
    hide,
)

POST_START = "orchestrate.post_start"
PRE_STOP = "orchestrate.pre_stop"
_SHOWN = 400


def has_hooks(kind: str, container: dict) -> bool:
    return kind in (container["Config"]["Labels"] or {})


def run_hooks(kind: str, container: dict, engine: Engine, timeout_s: float) -> None:
    """Run them one after the other, each for at most so long, until one fails."""
    for index, hook in enumerate(_read(kind, container)):
        place = f"{kind.rpartition('.')[2]}[{index}]"
        try:
            code, output = engine.run_inside(container["Id"], _body(hook), timeout_s)
        except (EngineError, UnavailableError) as error:
            raise ActionError(
                f"{place} did not end well within {timeout_s:g} s: {error}"
            ) from error
        if code != 0:
            said = demultiplex(output).decode(errors="replace").strip()[-_SHOWN:]
            quoted = hide(said, list(hook["environment"].values())) or "no output"
            raise ActionError(f"{place} ended with code {code}: {quoted}")


def _read(kind: str, container: dict) -> list[dict]:
    text = (container["Config"]["Labels"] or {}).get(kind, "[]")
    try:
        return json.loads(text)
    except ValueError:
        raise ActionError(f"the label {kind} of the container is damaged: it is no JSON") from None


def _body(hook: dict) -> dict:
    return {
        "Cmd": hook["command"],
        "User": hook["user"],
        "Privileged": hook["privileged"],
        "WorkingDir": hook["working_dir"],
        "Env": [f"{name}={value}" for name, value in sorted(hook["environment"].items())],
        "AttachStdout": True,
        "AttachStderr": True,
    }
