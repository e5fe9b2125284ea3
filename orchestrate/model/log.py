"""Log lines of containers, and requests for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRequest:
    """`tail`: so many of the last lines of each replica; None: all. `since`: a moment, or how long ago."""

    tail: int | None = None
    since: datetime | timedelta | None = None
    follows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """`at` is RFC 3339 in UTC, of equal length for all; empty: the engine says why it cannot read the log."""

    replica: str
    node: str
    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A node of which nothing, or nothing more, can be read."""

    node: str
    reason: str
