"""What a host's variables say of its room: `orchestrate_capacity`, and `orchestrate_reserve` for its system."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from orchestrate.errors import SettingsError
from orchestrate.spec.quantities import parse_decimal, parse_size

_NAME = re.compile(r"[A-Za-z]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_WHOLE = re.compile(r"[0-9]{1,9}")
NEEDED = ("memory", "cpus")
Amounts = dict[str, float]


def read_capacity(host: str, variables: Mapping[str, Any]) -> tuple[Amounts, Amounts]:
    """The capacity and the reserve: memory in bytes, CPUs in cores, all else counted.

    SettingsError names the host, the variable and the key.
    """
    capacity = read_amounts(*_said(host, variables, "orchestrate_capacity"))
    reserve = read_amounts(*_said(host, variables, "orchestrate_reserve"), needed=())
    for name, amount in reserve.items():
        if amount and name in capacity and amount >= capacity[name]:
            raise SettingsError(
                f"host {host}: orchestrate_reserve.{name}: leaves nothing of orchestrate_capacity.{name}"
            )
    return capacity, reserve


def _said(host: str, variables: Mapping[str, Any], variable: str) -> tuple[str, Any]:
    return f"host {host}: {variable}", variables.get(variable) or {}


def read_amounts(place: str, given: Any, needed: Collection[str] = NEEDED) -> Amounts:
    """Of what is `needed` there has to be some. SettingsError names the place and the key."""
    if not isinstance(given, Mapping):
        raise SettingsError(f"{place}: expected a mapping such as {{memory: 4g}}")
    named = {str(name): value for name, value in given.items()}
    return {
        name: _amount(f"{place}.{name}", name, value, is_needed=name in needed)
        for name, value in named.items()
    }


def _amount(place: str, name: str, value: object, *, is_needed: bool) -> float:
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{place}: expected a name of letters, digits and . _ -")
    parse, expected = _KINDS.get(name, (_whole, "a whole number"))
    amount = parse(str(value))
    if amount is None or (is_needed and not amount):
        least = "more than 0" if is_needed else "0 or more"
        raise SettingsError(f"{place}: expected {expected} of {least}, got {str(value)!r}")
    return amount


def _whole(text: str) -> float | None:
    return int(text) if _WHOLE.fullmatch(text) else None


_KINDS: Mapping[str, tuple[Callable[[str], float | None], str]] = {
    "memory": (parse_size, 'a size such as "4g"'),
    "cpus": (parse_decimal, "a number of cores"),
}
