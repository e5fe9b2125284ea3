"""What all tests share: files that hold what is expected, and repeatable examples."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.examples import examples

gc.set_threshold(100_000, 50, 50)  # an eighth of the time went into the search for garbage

settings.register_profile("usual", examples())
settings.load_profile("usual")

Expect = Callable[[Path, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases",
        action="store_true",
        help="rewrite the expected files of tests/cases instead of comparing with them",
    )


class Groups(LoadScopeScheduling):
    """Side by side run files, not tests: those of a file share what it took time to make."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(Path(nodeid.partition("::")[0]))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Groups:
    return Groups(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest come first, so that no process has to wait long for the other at the end."""
    items.sort(key=lambda item: _LONGEST.get(_group(item.path), len(_LONGEST)))


def _group(file: Path) -> str:
    """What uses one engine directly is a single group: it clears away what it finds there."""
    is_with_modules = {"contract", "modules"} <= set(file.parts)
    return "modules" if is_with_modules else _ON_FIVE_NODES.get(file.stem, file.stem)


_ON_FIVE_NODES = dict.fromkeys(("test_elastic", "test_placement"), "five")
_LONGEST = {
    name: number
    for number, name in enumerate(
        (
            "modules",
            "test_first_deployment",  # what a new lab shows best
            "five",
            "test_provision_bare",
        )
    )
}


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
