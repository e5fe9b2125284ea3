"""Text that is shown on a terminal does nothing else to it."""

from __future__ import annotations

import pytest

from orchestrate.model.terminal import colours_only, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("naïve 計画", "naïve 計画", id="letters-of-the-world"),
        pytest.param("a\nb\tc\r", r"a\nb\tc\r", id="lines"),
        pytest.param("\x1b[2J\x9b1A", r"\x1b[2J\x9b1A", id="escape-sequences"),
        pytest.param("a\u202eb", r"a\u202eb", id="writing-direction"),
    ],
)
def test_a_line_stays_a_line(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m\tand plain", "\x1b[1;31mred\x1b[0m\tand plain"),
        ("\x1b]0;a title\x07 \x1b[2J\x1b[Hgone", "]0;a title [2J[Hgone"),
        ("over\rwritten\x08 \x9b2J", "overwritten 2J"),
    ],
)
def test_a_log_colours_its_text_and_does_nothing_else_to_a_terminal(text: str, shown: str) -> None:
    assert colours_only(text) == shown
