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
    items.sort(key=lambda item: _turn(item.path))


def _group(file: Path) -> str:
    """Some directories share what there may be only once, such as an engine, or takes long to make."""
    return file.parent.name if file.parent.name in {"modules", "five"} else file.stem


def _turn(file: Path) -> int:
    turns = [_FIRST.index(name) for name in (file.parent.name, file.stem) if name in _FIRST]
    return min(turns, default=len(_FIRST))


_FIRST = (
    # The longest, so that no process has to wait long for the other at the end
    "modules",
    "five",
    "test_provision_bare",
    "contract",
    # From here on each process has a lab that stands until the end, and takes its share of the machine
    "test_first_deployment",  # what a new lab shows best
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
