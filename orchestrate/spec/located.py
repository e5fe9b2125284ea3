"""A file's content as plain data that remembers where it was written.

Every stage up to validation passes these on. A scalar is the text that stands in the file, or None for
YAML's null: what `0755` or `yes` means is for the key to say under which it stands, not for YAML.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from orchestrate.errors import Problem, SpecError
from orchestrate.model.terminal import printable

MAX_PROBLEMS = 200
MAX_FILLED_IN = 50_000_000
LONG_TEXT = 64
"""A text counts as one value for each so many characters."""
_SHOWN = 60


Plain: TypeAlias = Any
"""Data as `json.loads` gives it: what is left when places are no longer needed."""


class Place(NamedTuple):
    """`line` and `column` count from 1; the place of an entry of a mapping is that of its key."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Spoiled(Enum):
    """Stands for content of which something bad was already said."""

    SPOILED = "spoiled"


SPOILED = Spoiled.SPOILED

Content = str | None | dict[str, "Located"] | list["Located"] | Spoiled


class Tag(Enum):
    """The effect of a later file on the value of an earlier one, beyond a merge."""

    NONE = ""
    RESET = "!reset"
    OVERRIDE = "!override"

    def __bool__(self) -> bool:
        return self is not Tag.NONE


class Located(NamedTuple):
    """`layer` counts the lists that were merged below the one that this item comes from."""

    content: Content
    place: Place
    tag: Tag = Tag.NONE
    layer: int = 0


def weigh(located: Located) -> int:
    """How many values it stands for."""
    match located.content:
        case str() as text:
            return 1 + len(text) // LONG_TEXT
        case dict() as entries:
            return 1 + sum(map(weigh, entries.values()))
        case list() as items:
            return 1 + sum(map(weigh, items))
        case _:
            return 1


class UnreadableError(Exception):
    """A file cannot be read any further."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


class Diagnostics:
    """The findings of the stages about the files; each stage goes on after a problem as far as it can."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.rewritten: set[Place] = set()
        """Where an unquoted value stands that Compose takes for a number, and writes in another way."""
        self._filled_in = 0
        self.is_incomplete = False
        """Something that a file names is not there: what follows from that need not be said as well."""

    def refuse(self, place: Place, path: str, message: str) -> None:
        self.problems.append(Problem(*place, printable(path), printable(message)))
        if len(self.problems) >= MAX_PROBLEMS:
            end = Problem(place.file, 0, 0, "", f"stopped after {MAX_PROBLEMS} problems")
            self.problems.append(end)
            self.raise_problems()

    def warn(self, place: Place, path: str, message: str) -> None:
        self.warnings.append(Problem(*place, printable(path), printable(message)))

    def take(self, place: Place, path: str, text: str) -> None:
        """Bound what was filled in: a few lines of variables of variables would fill any memory."""
        self._filled_in += len(text)
        if self._filled_in > MAX_FILLED_IN:
            message = f"the variables fill in more than {MAX_FILLED_IN} characters"
            self.refuse(place, path, message)
            self.raise_problems()

    def distinct_warnings(self) -> tuple[Problem, ...]:
        """Each is said once, where it first holds."""
        first = {warning.message: warning for warning in sorted(self.warnings, reverse=True)}
        return tuple(sorted(first.values()))

    def raise_problems(self) -> None:
        """Raise the problems. A warning in the same place is likely the cause: an unset variable, say."""
        causes = defaultdict(list)
        for warning in self.warnings:
            causes[warning.file, warning.path].append(warning.message)
        explained = {  # once, also where a file was read for several others
            _explain(problem, causes[problem.file, problem.path]): None for problem in self.problems
        }
        if explained:
            raise SpecError(tuple(explained), self.distinct_warnings())


def _explain(problem: Problem, causes: list[str]) -> Problem:
    if not causes:
        return problem
    return replace(problem, message=f"{problem.message} ({'; '.join(causes)})")


def join_path(path: str, key: str | int) -> str:
    """`services.web`, `services.web.ports[0]`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def locate(data: Plain, place: Place) -> Located:
    """Give data that has come without places the one place that it is from."""
    if isinstance(data, Mapping):
        return Located({str(key): locate(value, place) for key, value in data.items()}, place)
    if isinstance(data, list | tuple):
        return Located([locate(value, place) for value in data], place)
    return Located(None if data is None else str(data), place)


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
