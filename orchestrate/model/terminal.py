"""Text from files, nodes and logs, made safe to show on a terminal."""

from __future__ import annotations

import re

_MORE_THAN_COLOURS = re.compile(r"\x1b(?!\[[\d;]*m)|[\x00-\x08\x0a-\x1a\x1c-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    """Escape all that is not printable: a line stays a line, and moves no cursor."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def colours_only(text: str) -> str:
    """Take out what may do more to a terminal than colour its text, as a log may have colours."""
    return _MORE_THAN_COLOURS.sub("", text)
