"""A value under examination: what it is, where it stands, and to whom to say what is wrong with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import NamedTuple, TypeAlias

from orchestrate.spec.located import (
    SPOILED,
    Content,
    Diagnostics,
    Located,
    Place,
    Plain,
    describe,
    join_path,
)


class MismatchError(Exception):
    """The value is not what its rule asks for; the text is the message for the person who wrote it."""


@dataclass(slots=True)
class Validation:
    """The context that all rules share. Relative paths begin at `directory`.

    `notes` are facts for the checks that look at the whole project.
    """

    findings: Diagnostics
    environment: Mapping[str, str]
    directory: str = ""
    inactive: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The services that are left out, each with its profiles."""
    ports: int = 0
    """How many all ranges stand for."""
    profiles: set[str] = field(default_factory=set)
    """Of all services."""
    notes: dict[str, list[tuple[Cursor, Plain]]] = field(default_factory=lambda: defaultdict(list))


class Cursor(NamedTuple):
    """`keys` lead there from the top: a name among them may hold a dot, which a path does not show."""

    located: Located
    keys: tuple[str | int, ...]
    examination: Validation

    @property
    def path(self) -> str:
        return reduce(join_path, self.keys, "")

    @property
    def key(self) -> str:
        """The last one: the name of what stands here."""
        return str(self.keys[-1])

    @property
    def service(self) -> str:
        """The name of the one that it belongs to."""
        return str(self.keys[1])

    @property
    def content(self) -> Content:
        return self.located.content

    @property
    def place(self) -> Place:
        return self.located.place

    def at(self, key: str | int, located: Located) -> Cursor:
        return Cursor(located, (*self.keys, key), self.examination)

    def holding(self, content: Content) -> Cursor:
        """The same place with a part of what stands there."""
        return Cursor(Located(content, self.place), self.keys, self.examination)

    def read(self, rule: Rule) -> Plain:
        """Apply a rule; a mismatch is reported here, and the neighbours are still looked at."""
        if self.content is SPOILED:
            return None
        try:
            return rule(self)
        except MismatchError as error:
            self.refuse(str(error))
            return None

    def entries(self) -> Iterator[tuple[str, Cursor]]:
        if not isinstance(self.content, dict):
            raise MismatchError(f"expected a mapping, got {describe(self.content)}")
        return ((key, self.at(key, value)) for key, value in self.content.items())

    def items(self) -> Iterator[Cursor]:
        if not isinstance(self.content, list):
            raise MismatchError(f"expected a list, got {describe(self.content)}")
        return (self.at(index, value) for index, value in enumerate(self.content))

    def refuse(self, message: str) -> None:
        self.examination.findings.refuse(self.place, self.path, message)

    def warn(self, message: str) -> None:
        self.examination.findings.warn(self.place, self.path, message)

    def note(self, subject: str, data: Plain) -> None:
        self.examination.notes[subject].append((self, data))


Rule: TypeAlias = Callable[[Cursor], Plain]
"""Reads a value into its canonical form, None where there is nothing to keep, or a MismatchError."""
