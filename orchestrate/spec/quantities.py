"""Durations, sizes and decimals as Compose writes them. What is not one is None."""

from __future__ import annotations

import re
from decimal import Decimal

_NANOSECONDS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
    "d": 86_400_000_000_000,
    "w": 604_800_000_000_000,
}
_NUMBER = r"(?:[0-9]{1,12}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})"
_DURATION_PART = re.compile(rf"({_NUMBER})(ns|us|µs|ms|s|m|h|d|w)")
_DURATION = re.compile(rf"0|(?:{_DURATION_PART.pattern})+")
_SIZE = re.compile(rf"({_NUMBER}) ?([kmgtp]?)i?b?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_DECIMAL = re.compile(_NUMBER)


def parse_duration(text: str) -> float | None:
    """`1m30s` is 90 seconds."""
    if not _DURATION.fullmatch(text):
        return None
    parts = _DURATION_PART.findall(text)
    total = sum(Decimal(number) * _NANOSECONDS[unit] for number, unit in parts)
    return int(total / 1_000) / 1_000_000


def format_duration(seconds: float) -> str:
    """90 seconds are `1m30s`."""
    rest = round(seconds * 1_000_000) * _NANOSECONDS["us"]
    parts = []
    for unit in ("h", "m", "s", "ms", "us"):
        count, rest = divmod(rest, _NANOSECONDS[unit])
        parts.append(f"{count}{unit}" if count else "")
    return "".join(parts) or "0s"


def parse_size(text: str) -> int | None:
    """`50M` is 50 MiB: as in Docker, each unit is 1,024 of the one below."""
    found = _SIZE.fullmatch(text)
    if not found:
        return None
    number, unit = found.groups()
    return int(Decimal(number) * 1024 ** _POWERS[unit.lower()])


def parse_decimal(text: str) -> float | None:
    """`0.5`; neither a sign nor an exponent nor `nan`."""
    return float(text) if _DECIMAL.fullmatch(text) else None
