# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person needs to see when a replica does not come up: its last words, without its
secrets.
"""

from __future__ import annotations

import io

from ansible_collections.orchestrate.cluster.plugins.module_utils._engine import Engine, EngineError
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import UnavailableError
from ansible_collections.orchestrate.cluster.plugins.module_utils._frames import frames

_LINES = 10
_LINE_LENGTH = 400
# Shorter values ("1", "true", "8080") are no secrets, and hiding them would make the rest unreadable.
_SECRET_LENGTH = 6


def last_words(engine: Engine, inspection: dict) -> str:
    try:
        content = engine.log(inspection["Id"], _LINES)
    except (EngineError, UnavailableError):
        return "its log cannot be read"
    stream = content if inspection["Config"].get("Tty") else demultiplex(content)
    lines = stream.decode(errors="replace").splitlines()[-_LINES:]
    if not lines:
        return "it logged nothing"
    return "its last log lines:\n" + "\n".join(f"  {line[:_LINE_LENGTH]}" for line in lines)


def demultiplex(content: bytes) -> bytes:
    """Take the frames (stream, length, bytes) of the engine's log apart; both streams go into one."""
    return b"".join(frame.content for frame in frames(io.BytesIO(content)))


def last_probe(inspection: dict) -> str:
    results = (inspection["State"].get("Health") or {}).get("Log") or []
    if not results:
        return "no probe has ended yet"
    output = results[-1]["Output"].strip()[:_LINE_LENGTH] or "no output"
    return f"last probe ended with {results[-1]['ExitCode']}: {output}"


def hide(text: str, values: list[str]) -> str:
    """Take values of the environment and of files out of a text: what a container logs may quote them."""
    secrets = (value for value in values if len(value) >= _SECRET_LENGTH)
    for value in sorted(secrets, key=len, reverse=True):
        text = text.replace(value, "***")
    return text
