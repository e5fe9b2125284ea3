"""A command line to its words, by the rules of Compose, which are not quite those of a shell.

Compose ends the line, silently, at what would mean something to a shell. Here that is refused.
"""

from __future__ import annotations

import re

_PIECE = re.compile(
    r"""(?P<space>[ \t\r\n]+)|'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)"|\\(?P<escaped>.)"""
    r"""|(?P<plain>[^ \t\r\n'"\\;&|<>()`]+)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_UNENDED = {
    "'": "a quote (') without an end",
    '"': 'a quote (") without an end',
    "\\": "a backslash at its end",
}


def split_words(line: str) -> list[str]:
    """ValueError says what is wrong with the line."""
    words: list[list[str]] = []
    position, is_within = 0, False
    while position < len(line):
        piece = _PIECE.match(line, position)
        if piece is None:
            raise ValueError(_explain(line[position]))
        position = piece.end()
        is_space = piece["space"] is not None
        if not is_space and not is_within:
            words.append([])
        if not is_space:
            words[-1].append(_text(piece))
        is_within = not is_space
    return ["".join(word) for word in words]


def _text(piece: re.Match[str]) -> str:
    """Within double quotes, too, a backslash stands before any letter and is left out."""
    if piece["double"] is not None:
        return _ESCAPE.sub(r"\1", piece["double"])
    return piece[piece.lastgroup or 0]


def _explain(mark: str) -> str:
    if mark in _UNENDED:
        return f"got one with {_UNENDED[mark]}"
    return (
        f'got one with "{mark}", which is for a shell, and none reads it: '
        'put it in quotes, or write ["sh", "-c", "…"]'
    )
