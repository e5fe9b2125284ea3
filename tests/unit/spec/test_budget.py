"""How many replicas may be unavailable at once."""

from __future__ import annotations

import pytest

from orchestrate.model.budget import Budget
from orchestrate.spec.budget import parse_budget


@pytest.mark.parametrize(
    ("text", "replicas", "most"),
    [
        ("0", 3, 0),
        ("1", 3, 1),
        ("7", 3, 7),
        ("0%", 3, 0),
        ("25%", 4, 1),
        ("25%", 5, 2),
        ("25%", 1, 1),
        ("1%", 200, 2),
        ("100%", 3, 3),
        ("50%", 0, 0),
    ],
)
def test_a_share_is_rounded_up(text: str, replicas: int, most: int) -> None:
    found = parse_budget(text)

    assert found is not None
    assert found.of(replicas) == most


@pytest.mark.parametrize("text", ["", "%", "-1", "1.5", "01", "101%", "5 %", "one", "²", "1%%"])
def test_what_is_none(text: str) -> None:
    assert parse_budget(text) is None


def test_a_number_is_no_share() -> None:
    assert parse_budget("25") == Budget(max_unavailable=25)
