"""Moments in the engine's notation."""

from __future__ import annotations

from datetime import datetime


def parse_timestamp(text: str) -> float:
    """Seconds since the epoch; long ago where the text says no moment, or not in which zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return float("-inf")
    return found.timestamp() if found.tzinfo else float("-inf")
