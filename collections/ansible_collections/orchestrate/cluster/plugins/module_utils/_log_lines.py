# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of a container, line by line, as the engine keeps it."""

from __future__ import annotations

import calendar
import time
from typing import Any, Iterable, Iterator, Mapping
from urllib.parse import quote, urlencode

from ansible_collections.orchestrate.cluster.plugins.module_utils._engine import Engine, EngineError
from ansible_collections.orchestrate.cluster.plugins.module_utils._frames import Frame, frames

_MISSING = 404
_UP_TO_SECONDS = len("2026-11-29T13:18:52")


def log_lines(engine: Engine, name: str, question: Mapping[str, Any]) -> Iterator[bytes]:
    """Yield each line after its timestamp, as `question` (the API's parameters) wants them.

    EngineError: there is no such container, or its log cannot be read.
    """
    container = engine.container(name)
    if container is None:
        raise EngineError(_MISSING, f"No such container: {name}")
    query = urlencode({"stdout": 1, "stderr": 1, "timestamps": 1, **question})
    with engine.stream("GET", f"/containers/{quote(name)}/logs?{query}") as body:
        yield from body if container["Config"].get("Tty") else whole_lines(frames(body))


def whole_lines(parts: Iterable[Frame]) -> Iterator[bytes]:
    """Join what the engine has split, as it does with long lines: each part has a timestamp."""
    begun: dict[int, bytes] = {}
    for stream, content in parts:
        line = content
        if stream in begun:
            line = begun.pop(stream) + content.partition(b" ")[2]
        if line.endswith(b"\n"):
            yield line
        else:
            begun[stream] = line
    yield from begun.values()


def timestamp_of(line: bytes) -> str:
    """Return a line's timestamp as the API takes it: seconds, a point, nanoseconds."""
    stamp = line.partition(b" ")[0].decode("ascii", "replace")
    seconds = time.strptime(stamp[:_UP_TO_SECONDS], "%Y-%m-%dT%H:%M:%S")
    return f"{calendar.timegm(seconds)}{stamp[_UP_TO_SECONDS:].rstrip('Z')}"
