"""How a number of things is said."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """`1 node`, `0 nodes`, `2 nodes`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
