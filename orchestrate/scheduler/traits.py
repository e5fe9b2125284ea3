"""What holds of a node whatever runs on it. Nodes with the same traits are asked once for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orchestrate.model.constraint import LABEL_PREFIX, Constraint

HOSTNAME = "node.hostname"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """`shut` says why the node takes nothing new; empty: it does. Labels are sorted pairs."""

    shut: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    groups: frozenset[str] = frozenset()
    os: str = ""
    arch: str = ""
    engine: int = 0
    """The engine's version, of which the first number counts; 0: not known."""

    @property
    def platform(self) -> str:
        return f"{self.os or '?'}/{self.arch or '?'}"


def satisfies(constraint: Constraint, traits: Traits, hostname: str) -> bool:
    """Swarm's meaning: whole words, without regard to case; a label that is not there is not equal."""
    wanted = constraint.value.lower()
    has_it = wanted in values(constraint.key, traits, hostname)
    return has_it if constraint.operator == "==" else not has_it


def first_broken(
    constraints: Iterable[Constraint], traits: Traits, hostname: str
) -> Constraint | None:
    return next((one for one in constraints if not satisfies(one, traits, hostname)), None)


def other_platform(wanted: str, traits: Traits) -> str:
    """What the platform is instead; empty: it is the wanted one, or any will do."""
    return f"is {traits.platform}, not {wanted}" if wanted not in {"", traits.platform} else ""


def values(key: str, traits: Traits, hostname: str = "") -> tuple[str, ...]:
    """What a node has under the key, sorted and in lower case: several groups, none of a label not there."""
    label = key.removeprefix(LABEL_PREFIX)
    if label != key:
        found: Iterable[str] = (value for name, value in traits.labels if name == label)
    elif key == "node.group":
        found = traits.groups
    else:
        single = {"node.platform.os": traits.os, "node.platform.arch": traits.arch}
        found = (single.get(key, hostname),)
    return tuple(sorted(value.lower() for value in found))
