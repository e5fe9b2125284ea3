"""Waiting in tests: for a condition, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
_POLL_S = 0.2


def until(
    condition: Callable[[], Found | None],
    what: str,
    *,
    within_s: float = 30,
    poll_s: float = _POLL_S,
) -> Found:
    """The first answer of `condition` that is true; the test fails when there is none in time."""
    deadline = time.monotonic() + within_s
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {within_s:g} s: {what}"
        time.sleep(poll_s)
    return found
