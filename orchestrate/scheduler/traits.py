"""Traits of a node, whatever runs on it. Nodes with the same traits are checked once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import assert_never

from orchestrate.model.constraint import NUMBER, Constraint
from orchestrate.model.node_key import (
    ADDRESS,
    ENGINE_PREFIX,
    HOSTNAME,
    LABEL_PREFIX,
    ROLE,
    VARIABLE_PREFIX,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """`shut` says why the node takes nothing new; empty: it does. Labels and variables are sorted pairs."""

    shut: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    engine_labels: tuple[tuple[str, str], ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    groups: frozenset[str] = frozenset()
    role: str = "worker"
    os: str = ""
    arch: str = ""
    engine: int = 0
    """The engine's version, of which the first number counts; 0: not known."""

    @property
    def platform(self) -> str:
        return f"{self.os or '?'}/{self.arch or '?'}"


@dataclass(frozen=True, slots=True)
class Identity:
    """The traits that a node shares with no other. `address` is empty where it is not known."""

    name: str
    address: str = ""


ANYBODY = Identity("")
OWN_KEYS = frozenset({HOSTNAME, ADDRESS})


def satisfies(constraint: Constraint, traits: Traits, who: Identity) -> bool:
    """Whole words, without regard to case; what is not there is equal to nothing, nor more or less."""
    found, wanted = values(constraint.key, traits, who), constraint.values
    match constraint.operator:
        case "==" | "in":
            return _has(constraint.key, found, wanted)
        case "!=" | "not in":
            return not _has(constraint.key, found, wanted)
        case "=~":
            pattern = re.compile(constraint.value, re.IGNORECASE)
            return any(pattern.fullmatch(value) for value in found)
        case ">":
            return any(number > float(wanted[0]) for number in _numbers(found))
        case "<":
            return any(number < float(wanted[0]) for number in _numbers(found))
        case _:
            assert_never(constraint.operator)


def first_broken(
    constraints: Iterable[Constraint], traits: Traits, who: Identity
) -> Constraint | None:
    return next((one for one in constraints if not satisfies(one, traits, who)), None)


def other_platform(wanted: str, traits: Traits) -> str:
    """Return the node's platform if it is not the wanted one; empty: it will do."""
    return f"is {traits.platform}, not {wanted}" if wanted not in {"", traits.platform} else ""


def values(key: str, traits: Traits, who: Identity = ANYBODY) -> tuple[str, ...]:
    """Return the node's values of a key, sorted and in lower case; a label that is missing has none."""
    if key.startswith(LABEL_PREFIX):
        found = _named(key.removeprefix(LABEL_PREFIX), traits.labels)
    elif key.startswith(VARIABLE_PREFIX):
        found = _named(key.removeprefix(VARIABLE_PREFIX), traits.variables)
    elif key.startswith(ENGINE_PREFIX):
        found = _named(key.removeprefix(ENGINE_PREFIX), traits.engine_labels)
    elif key == "node.group":
        found = traits.groups
    else:
        found = (_single(key, traits, who),)
    return tuple(sorted(value.lower() for value in found))


def _named(wanted: str, pairs: Iterable[tuple[str, str]]) -> Iterable[str]:
    return (value for name, value in pairs if name == wanted)


def _single(key: str, traits: Traits, who: Identity) -> str:
    return {
        HOSTNAME: who.name,
        ADDRESS: who.address,
        ROLE: traits.role,
        "node.platform.os": traits.os,
        "node.platform.arch": traits.arch,
    }[key]


def _has(key: str, found: Iterable[str], wanted: Iterable[str]) -> bool:
    if key != ADDRESS:
        return not set(found).isdisjoint(wanted)
    ranges = [ip_network(one, strict=False) for one in wanted]
    return any(ip_address(one) in each for one in found if one for each in ranges)


def _numbers(found: Iterable[str]) -> list[float]:
    return [float(value) for value in found if re.fullmatch(NUMBER, value)]
