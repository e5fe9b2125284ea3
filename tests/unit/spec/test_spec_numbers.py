"""What Compose itself makes another text of: each of these was given to it."""

from __future__ import annotations

import pytest

from orchestrate.spec.numbers import is_rewritten

_REWRITTEN = """
    0755 3.10 1.0 5. .5 1e3 1_000 +1 0x1F 0o17 0b11 1234567.5 0.00001
    012345678901234567890 12345678901234567890123 2026-11-23 2026-11-23T10:00:00Z
"""
_STAYS = """
    0 -0 -7 42 1700000000 1.5 -0.25 0.001 yes NO 22:22 8080:80 1.2.3 1,5 v1.0 10s 50M
    + - . ... 0x 1e 192.0.2.7 2026-11 1-2-3
"""


@pytest.mark.parametrize("text", _REWRITTEN.split())
def test_it_is_rewritten(text: str) -> None:
    assert is_rewritten(text)


@pytest.mark.parametrize("text", ["", *_STAYS.split()])
def test_it_stays(text: str) -> None:
    assert not is_rewritten(text)
