"""What holds of a node whatever runs on it. Nodes with the same traits are asked once for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orchestrate.model.constraint import Constraint

HOSTNAME = "node.hostname"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """`shut` says why the node takes nothing new; empty: it does. Labels are sorted pairs."""

    shut: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    groups: frozenset[str] = frozenset()
    os: str = ""
    arch: str = ""

    @property
    def platform(self) -> str:
        return f"{self.os or '?'}/{self.arch or '?'}"


def satisfies(constraint: Constraint, traits: Traits, hostname: str) -> bool:
    """Swarm's meaning: whole words, without regard to case; a label that is not there is not equal."""
    wanted = constraint.value.lower()
    has_it = any(value.lower() == wanted for value in _values(constraint, traits, hostname))
    return has_it if constraint.operator == "==" else not has_it


def first_broken(
    constraints: Iterable[Constraint], traits: Traits, hostname: str
) -> Constraint | None:
    return next((one for one in constraints if not satisfies(one, traits, hostname)), None)


def other_platform(wanted: str, traits: Traits) -> str:
    """What the platform is instead; empty: it is the wanted one, or any will do."""
    return f"is {traits.platform}, not {wanted}" if wanted not in {"", traits.platform} else ""


def _values(constraint: Constraint, traits: Traits, hostname: str) -> Iterable[str]:
    if constraint.label is not None:
        return [value for name, value in traits.labels if name == constraint.label]
    match constraint.key:
        case "node.group":
            return traits.groups
        case "node.platform.os":
            return (traits.os,)
        case "node.platform.arch":
            return (traits.arch,)
        case _:
            return (hostname,)
