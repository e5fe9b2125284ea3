"""What all tests share: files that hold what is expected, and repeatable examples."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.examples import examples

settings.register_profile("usual", examples())
settings.load_profile("usual")

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
