"""The scalars that the tables speak of."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from orchestrate.spec.located import Plain
from orchestrate.spec.quantities import (
    format_duration,
    parse_decimal,
    parse_duration,
    parse_size,
)
from orchestrate.spec.rules.kinds import Scalar

_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_TRUE = {"true", "yes", "on", "y"}
_FALSE = {"false", "no", "off", "n"}
MAX_PORT = 65535


def parse_whole(text: str) -> int | None:
    """Parse a number without sign, underscore or leading zero: `0755` is a mistake or an octal number."""
    return int(text) if _WHOLE.fullmatch(text) else None


def whole_between(first: int, last: int, expected: str) -> Scalar:
    """A whole number from `first` to `last`, which may be below zero."""

    def parse(text: str) -> int | None:
        number = int(text) if _INTEGER.fullmatch(text) else None
        return number if number is not None and first <= number <= last else None

    return Scalar(expected, parse)


def parse_port(text: str) -> int | None:
    number = parse_whole(text)
    return number if number is not None and 0 < number <= MAX_PORT else None


def parse_ports(text: str) -> range | None:
    """`80`, or a range such as `8000-8010`."""
    first, dash, last = text.partition("-")
    start, end = parse_port(first), parse_port(last if dash else first)
    if start is None or end is None or end < start:
        return None
    return range(start, end + 1)


def parse_address(text: str) -> str | None:
    """An address of the node that a port is published on; none in particular is the empty text."""
    try:
        address = ipaddress.ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    return "" if address.is_unspecified else str(address)


def matching(expected: str, pattern: str) -> Scalar:
    """A text that a pattern matches from end to end."""
    compiled = re.compile(pattern)
    return Scalar(expected, lambda text: text if compiled.fullmatch(text) else None)


def one_of(*words: str, advice: str = "") -> Scalar:
    *others, last = (f'"{word}"' for word in words)
    expected = f"{', '.join(others)} or {last}" if others else last
    return Scalar(expected, _parse_word(frozenset(words), advice))


def _parse_word(words: frozenset[str], advice: str) -> Callable[[str], Plain]:
    def parse(text: str) -> Plain:
        if text not in words and advice:
            raise ValueError(advice)
        return text if text in words else None

    return parse


def _parse_boolean(text: str) -> bool | None:
    lowered = text.lower()
    return lowered in _TRUE if lowered in _TRUE | _FALSE else None


def _parse_duration(text: str) -> str | None:
    seconds = parse_duration(text)
    return None if seconds is None else format_duration(seconds)


def _parse_size(text: str) -> str | None:
    size = parse_size(text)
    return None if size is None else str(size)


def _parse_cores(text: str) -> str | None:
    cores = parse_decimal(text)
    return None if cores is None else f"{cores:.9f}".rstrip("0").rstrip(".")


def _parse_ratio(text: str) -> float | None:
    ratio = parse_decimal(text)
    return ratio if ratio is not None and ratio <= 1 else None


TEXT = Scalar("a text", lambda text: text)
BOOLEAN = Scalar("true or false", _parse_boolean)
WHOLE = Scalar("a whole number of 0 or more", parse_whole)
RATIO = Scalar("a number from 0 to 1", _parse_ratio)
CORES = Scalar('a number of cores such as "0.5"', _parse_cores)
SIZE = Scalar('a size such as "50M" or "1.5g"', _parse_size)
DURATION = Scalar('a duration such as "1m30s"', _parse_duration)
PORT = Scalar(f"a port from 1 to {MAX_PORT}", parse_port)
ADDRESS = Scalar("an IP address of the node", parse_address)
