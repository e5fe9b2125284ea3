"""What is written can be read again."""

from __future__ import annotations

import pytest
import yaml

from orchestrate.spec import write


@pytest.mark.parametrize(
    "text",
    ["", "a\nb", "\x85", "a\x85b", "\u2028", " \u2029 ", "$A", "${A}", "yes", "0755", "1:30"],
)
def test_texts_come_back(text: str) -> None:
    assert yaml.safe_load(write({"key": text}))["key"].replace("$$", "$") == text


@pytest.mark.parametrize("text", ["1e3", "0o17", "012345678901234567890", "3.10", "no"])
def test_what_compose_would_take_for_something_else_is_quoted(text: str) -> None:
    assert write({"key": text}).strip() in {f'key: "{text}"', f"key: '{text}'"}
