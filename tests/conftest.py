"""What all tests share: files that hold what is expected, and repeatable examples in CI."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")

Expect = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases",
        action="store_true",
        help="rewrite the expected files of tests/cases instead of comparing with them",
    )


@pytest.fixture
def expect(request: pytest.FixtureRequest) -> Expect:
    """`expect(file, text)`: the file holds this text, to the letter."""
    updates = request.config.getoption("--update-cases")

    def compare(file: Path, text: str) -> None:
        if updates:
            file.write_text(text, encoding="utf-8")
        wanted = file.read_text(encoding="utf-8") if file.exists() else ""
        assert text == wanted, f"{file} differs: `make cases` rewrites it"

    return compare
