"""A file's content as plain data that remembers where it was written.

Every stage up to validation passes these on. A scalar is the text that stands in the file, or None for
YAML's null: what `0755` or `yes` means is for the key to say under which it stands, not for YAML.
"""

from __future__ import annotations

import json
from enum import Enum
from typing import NamedTuple

from orchestrate.errors import Problem, SpecError

MAX_PROBLEMS = 200
_SHOWN = 60


class Place(NamedTuple):
    """`line` and `column` count from 1; the place of an entry of a mapping is that of its key."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Spoiled(Enum):
    """Stands for content of which something bad was already said."""

    SPOILED = "spoiled"


SPOILED = Spoiled.SPOILED

Content = str | None | dict[str, "Located"] | list["Located"] | Spoiled


class Located(NamedTuple):
    content: Content
    place: Place


class Findings:
    """What the stages have to say about the files; each goes on after a problem as far as it can."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def refuse(self, place: Place, path: str, message: str) -> None:
        self.problems.append(Problem(*place, path, message))
        if len(self.problems) >= MAX_PROBLEMS:
            end = Problem(place.file, 0, 0, "", f"stopped after {MAX_PROBLEMS} problems")
            raise SpecError((*self.problems, end))

    def warn(self, place: Place, path: str, message: str) -> None:
        self.warnings.append(Problem(*place, path, message))

    def raise_problems(self) -> None:
        if self.problems:
            raise SpecError(tuple(self.problems))


def join_path(path: str, key: str | int) -> str:
    """`services.web`, `services.web.ports[0]`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def describe(content: Content) -> str:
    """Name what was found, in the words of a message."""
    match content:
        case None | Spoiled.SPOILED:
            return "nothing"
        case str():
            shown = content if len(content) <= _SHOWN else f"{content[:_SHOWN]}…"
            return json.dumps(shown, ensure_ascii=False)
        case dict():
            return "a mapping"
        case _:
            return "a list"
