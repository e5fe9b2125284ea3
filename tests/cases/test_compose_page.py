"""The page of all keys is what the rules say, and they know every key of the Compose Specification."""

from __future__ import annotations

from pathlib import Path

from tests.compose_keys import Key, known_keys, page
from tests.conftest import Expect

ROOT = Path(__file__).parents[2]
SPECIFIED = ROOT / "tests/compose_spec_keys.txt"


def specified() -> list[str]:
    lines = SPECIFIED.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def is_decided(path: str, known: dict[str, Key]) -> bool:
    """Is it known, or does it belong to something that is decided as a whole?"""
    steps = path.split(".")
    above = (known.get(".".join(steps[:count])) for count in range(1, len(steps)))
    return path in known or any(key.is_closed for key in above if key)


def test_the_page_says_what_the_rules_say(expect: Expect) -> None:
    expect(ROOT / "docs/compose.md", page())


def test_every_key_of_the_specification_is_decided() -> None:
    known = {key.path: key for key in known_keys()}

    assert [path for path in specified() if not is_decided(path, known)] == []


def test_what_the_specification_does_not_have_is_refused_or_ours() -> None:
    beside = [key for key in known_keys() if key.path not in specified()]
    taken = [key.path for key in beside if key.status != "refused"]

    assert [path for path in taken if ".x-" not in f".{path}"] == []
