"""One line of `deploy.placement.constraints`: `KEY == VALUE` or `KEY != VALUE`.

The grammar is SwarmKit's. Values are compared as whole words, without regard to case; that is left to
whoever holds the nodes. Here a line is only taken apart, or refused with the line that was probably meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

Operator = Literal["==", "!="]

KEYS = ("node.hostname", "node.group", "node.platform.os", "node.platform.arch")
LABEL_PREFIX = "node.labels."

_SHAPE = re.compile(r"\s*([^=!<>~\s]*)\s*([=!<>~]+)\s*(.*?)\s*", re.DOTALL)
_LABEL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_./-]*[A-Za-z0-9_])?")
_VALUE = re.compile(r"[A-Za-z0-9_.:/*+-][A-Za-z0-9_.:/*+ -]*")
_ELSEWHERE = {
    "node.id": "nodes are known by their names in the inventory: use node.hostname",
    "node.ip": "addresses are the inventory's business: use node.hostname, node.group or a label",
    "node.role": "there are no managers here, every node is a worker: use node.group or a label",
    "engine.labels": "labels are the inventory's: use node.labels.NAME",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """`key` is one of KEYS, or LABEL_PREFIX and the label's own name (in which case counts)."""

    key: str
    operator: Operator
    value: str

    def __str__(self) -> str:
        return f"{self.key} {self.operator} {self.value}"

    @property
    def label(self) -> str | None:
        """The name of the label that is asked for, if it is a label."""
        prefix, found, name = self.key.partition(LABEL_PREFIX)
        return name if found and not prefix else None


def parse_constraint(text: str) -> Constraint:
    """Take a line apart; a ValueError says what is wrong with it and what to write instead."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError('write it as "KEY == VALUE" or "KEY != VALUE"')
    key, operator, value = found.groups()
    key = _parse_key(key, f" {'!=' if operator == '!=' else '=='} {value}")
    if operator not in {"==", "!="}:
        raise ValueError(_advise_operator(key, operator, value))
    if not _VALUE.fullmatch(value):
        raise ValueError(
            "a value is made of letters, digits, spaces and _ . : / * + -, and is not in quotes"
        )
    return Constraint(key=key, operator=cast("Operator", operator), value=value)


def parse_spread(text: str) -> str:
    """The key of `deploy.placement.preferences`; a ValueError says what to write instead."""
    key = _parse_key(text.strip())
    if key == "node.hostname":
        raise ValueError("replicas are spread over the nodes in any case: name what nodes share")
    return key


def _parse_key(key: str, meant: str = "") -> str:
    """`meant` is what follows a key in the line that was probably meant."""
    lowered = key.lower()
    if lowered in KEYS:
        return lowered
    if lowered.startswith(LABEL_PREFIX) and _LABEL.fullmatch(key[len(LABEL_PREFIX) :]):
        return LABEL_PREFIX + key[len(LABEL_PREFIX) :]
    for known, advice in _ELSEWHERE.items():
        if lowered == known or lowered.startswith(f"{known}."):
            raise ValueError(f"{known} is not supported: {advice}")
    if _LABEL.fullmatch(key) and "." not in key:
        raise ValueError(f'a label of a node is written "{LABEL_PREFIX}{key}{meant}"')
    raise ValueError(f"the key is one of {', '.join(KEYS)} or {LABEL_PREFIX}NAME")


def _advise_operator(key: str, operator: str, value: str) -> str:
    if operator == "=":
        return f'write "=" twice: "{key} == {value}"'
    return f'"{operator}" is not supported: the operators are == and !='
