"""The look that the roles share tells of every place that one of them asks about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.collection import ROLES
from tests.unit.modules.collection import load

host = load("_host")
TOLD = {
    "sums": set(host.SUMMED),
    "texts": set(host.READ),
    "directories": set(host.DIRECTORIES),
}
ASKED = re.compile(r"\b(sums|texts|directories)\['([^']+)'\]")
WRITTEN = re.compile(r"^  - path: (\S+)$", re.MULTILINE)


@pytest.mark.parametrize("role", sorted(path.name for path in ROLES.iterdir()))
def test_what_a_role_asks_about_is_told(role: str) -> None:
    texts = [path.read_text() for path in _files(ROLES / role)]
    asked = {pair for text in texts for pair in ASKED.findall(text)}
    asked |= {("sums", path) for text in texts for path in WRITTEN.findall(text)}

    assert asked, "it looks before it works"
    assert {(kind, path) for kind, path in asked if path not in TOLD[kind]} == set()


def _files(role: Path) -> list[Path]:
    return [path for path in role.rglob("*") if path.suffix in {".yml", ".json"}]


def test_only_what_is_asked_about_is_told() -> None:
    text = "".join(path.read_text() for path in _files(ROLES))

    assert [path for paths in TOLD.values() for path in paths if path not in text] == []
