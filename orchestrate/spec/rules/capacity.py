"""The rules for a node's capacity: memory, cores, and whatever else is counted there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from orchestrate.spec.located import Plain
from orchestrate.spec.quantities import parse_decimal, parse_size
from orchestrate.spec.rules.cursor import Cursor
from orchestrate.spec.rules.kinds import Forms, Named, Scalar, Section
from orchestrate.spec.rules.scalars import matching, parse_whole

CAPACITY, RESERVE = "orchestrate_capacity", "orchestrate_reserve"
_NEEDED = ("memory", "cpus")
_NAME = matching("a name of letters, digits and . _ -", r"[A-Za-z]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_KINDS: Mapping[str, tuple[str, Callable[[str], float | None]]] = {
    "memory": ('a size such as "4g"', parse_size),
    "cpus": ("a number of cores", parse_decimal),
}
_COUNTED = ("a whole number", parse_whole)


def _read_amount(needed: tuple[str, ...], spot: Cursor) -> Plain:
    expected, parse = _KINDS.get(spot.key, _COUNTED)
    if spot.key in needed:
        return Scalar(f"{expected} of more than 0", lambda text: parse(text) or None)(spot)
    return Scalar(f"{expected} of 0 or more", parse)(spot)


def _amounts(*needed: str) -> Forms:
    """A mapping; of what is needed there has to be some."""
    return Forms(
        "a mapping such as {memory: 4g}", mapping=Named(_NAME, partial(_read_amount, needed))
    )


def read_promise(spot: Cursor) -> Plain:
    """Read the capacity of a node that is still to be made, of which nothing can be observed."""
    promised = _amounts(*_NEEDED)(spot)
    names = dict(spot.entries())
    for name in _NEEDED:
        if name not in names:
            spot.refuse(f'has no "{name}": say what a new node will have')
    return promised


def _check_rest(spot: Cursor, read: Plain) -> None:
    capacity, reserve = read.get(CAPACITY, {}), read.get(RESERVE, {})
    for name, amount in reserve.items():
        if amount and name in capacity and amount >= capacity[name]:
            reserved = dict(dict(spot.entries())[RESERVE].entries())[name]
            reserved.refuse(f"leaves nothing of {CAPACITY}.{name}")


HOST = Section({CAPACITY: _amounts(*_NEEDED), RESERVE: _amounts()}, checks=(_check_rest,))
"""The variables of a host in the inventory."""
