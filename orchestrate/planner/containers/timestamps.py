"""How long ago things happened on a node, by the node's own clock: it need not agree with ours."""

from __future__ import annotations

from datetime import datetime

from orchestrate.model.observed.node import ObservedNode


def elapsed_s(since: str, node: ObservedNode) -> float:
    """Return the seconds between a moment in the engine's notation and the node's answer.

    Endless where the text names no moment, or no time zone.
    """
    try:
        when = datetime.fromisoformat(since)
    except ValueError:
        return float("inf")
    return node.answer.now - when.timestamp() if when.tzinfo else float("inf")
