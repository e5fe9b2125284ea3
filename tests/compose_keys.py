"""The keys that the rules know, as they come from the tables: what docs/compose.md is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from orchestrate.spec.rules.cursor import Rule
from orchestrate.spec.rules.kinds import (
    Finished,
    Forms,
    ListOf,
    Named,
    NoEffect,
    OrNull,
    PassedOver,
    Refused,
    Scalar,
    Section,
    Unique,
)
from orchestrate.spec.rules.pairs import Pairs
from orchestrate.spec.rules.project import PROJECT

_HEAD = """\
# Every key of a Compose file

This page is made of the rules that decide: `make cases` rewrites it. What the supported keys do on a cluster
is told in [the spec](spec.md); what a section that is refused holds is refused with it.
`validate`, `plan` and `deploy` warn of a key or value that has no effect.

| key | here | what it takes, or what to do instead |
|---|---|---|
"""


class Key(NamedTuple):
    """`path` has `*` for a name that a person chooses; `is_closed`: all below it is decided with it."""

    path: str
    status: str
    note: str
    is_closed: bool


def known_keys() -> list[Key]:
    return sorted(below("", PROJECT))


def page() -> str:
    rows = (f"| `{key.path}` | {key.status} | {_cell(key.note)} |\n" for key in known_keys())
    return _HEAD + "".join(rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")


def below(path: str, rule: Rule) -> Iterator[Key]:
    """The keys under a rule; what a function reads by itself cannot be looked into."""
    match rule:
        case Section():
            for name, inner in rule.keys.items():
                place = f"{path}.{name}" if path else name
                yield Key(place, *judged(inner))
                yield from below(place, inner)
        case Named():
            yield from below(f"{path}.*", rule.entry)
        case ListOf() | Unique():
            yield from below(path, rule.item)
        case OrNull() | Finished():
            yield from below(path, rule.rule)
        case Forms():
            for form in (rule.sequence, rule.mapping):
                if form:
                    yield from below(path, form)
        case _:
            return


def judged(rule: Rule) -> tuple[str, str, bool]:
    match rule:
        case Refused():
            return "refused", rule.advice, True
        case PassedOver():
            return "no effect", rule.reason, True
        case NoEffect() if rule.of:
            of = " or ".join(f'"{value}"' for value in rule.of)
            return "supported", f"{_taken(rule.rule)}; {of} {rule.reason}", True
        case NoEffect():
            return "no effect", rule.reason, True
        case _:
            return "supported", _taken(rule), not list(below("", rule))


def _taken(rule: Rule) -> str:
    match rule:
        case Scalar() | Forms():
            return rule.expected
        case OrNull() | Finished():
            return _taken(rule.rule)
        case Unique() | ListOf():
            return f"a list: {_taken(rule.item)}"
        case Pairs():
            return "a mapping, or a list of NAME=VALUE"
        case Section() | Named():
            return "a mapping"
        case _:
            return "see the spec"
