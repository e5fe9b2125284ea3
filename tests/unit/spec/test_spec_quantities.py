from __future__ import annotations

import pytest

from orchestrate.spec.quantities import (
    format_duration,
    parse_decimal,
    parse_duration,
    parse_size,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("0s", 0),
        ("10s", 10),
        ("1m30s", 90),
        ("1.5s", 1.5),
        (".5h", 1800),
        ("1500000ns", 0.0015),
        ("250ms", 0.25),
        ("1us", 0.000001),
        ("1µs", 0.000001),
        ("1h1m1s1ms1us", 3661.001001),
        ("2d", 172_800),
        ("1w", 604_800),
        ("90m", 5_400),
    ],
)
def test_a_duration_is_read(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "10", "s", "-1s", "1 s", "1s ", "1.s", "1e3s", "1S", "1s30", "٣s"]
)
def test_what_is_no_duration_is_none(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (90, "1m30s"), (0.25, "250ms"), (3600, "1h"), (86_400, "24h"), (1.5, "1s500ms")],
)
def test_a_duration_has_one_spelling(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("1024", 1024),
        ("2b", 2),
        ("50M", 50 * 1024**2),
        ("50mb", 50 * 1024**2),
        ("50MiB", 50 * 1024**2),
        ("50 MB", 50 * 1024**2),
        ("1.5g", 1536 * 1024**2),
        (".5g", 512 * 1024**2),
        ("1k", 1024),
        ("1T", 1024**4),
        ("1p", 1024**5),
    ],
)
def test_a_size_is_read(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "M", "-1", "1X", "1e9", "1  M", "1,5g", "1.g"])
def test_what_is_no_size_is_none(text: str) -> None:
    assert parse_size(text) is None


@pytest.mark.parametrize("text", ["", "nan", "inf", "-1", "+1", "1e3", "1_0", ".", "5.", "half"])
def test_what_is_no_decimal_is_none(text: str) -> None:
    assert parse_decimal(text) is None


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("2", 2), ("0.5", 0.5), (".5", 0.5)])
def test_a_decimal_is_read(text: str, number: float) -> None:
    assert parse_decimal(text) == number
