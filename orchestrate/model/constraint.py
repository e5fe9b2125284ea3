"""A line of `deploy.placement.constraints`: `KEY == VALUE`, and other conditions on nodes.

`==` and `!=` are SwarmKit's: values are compared as whole words, without regard to case. That is left to
whoever holds the nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Operator = Literal["==", "!=", "in", "not in", "=~", "<", ">"]
NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """`key` is one of `model.node_key`; a `value` of `in` and `not in` holds several, between commas."""

    key: str
    operator: Operator
    value: str

    def __str__(self) -> str:
        return f"{self.key} {self.operator} {self.value}"

    @property
    def values(self) -> tuple[str, ...]:
        """Return the values in lower case."""
        is_list = self.operator in {"in", "not in"}
        return tuple(one.lower() for one in (self.value.split(", ") if is_list else [self.value]))
