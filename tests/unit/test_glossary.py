"""The glossary explains each word once, and no word that is not used."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import pytest

from orchestrate.model.node import Availability
from orchestrate.model.observed.registration import ServiceStatus

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs/glossary.md"
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
HEADER = ("term", "meaning")
MAX_SENTENCES = 2


def rows() -> list[tuple[str, str]]:
    found = ROW.findall(GLOSSARY.read_text(encoding="utf-8"))
    return [(terms, meaning) for terms, meaning in found if (terms, meaning) != HEADER]


def terms() -> list[str]:
    return list(chain.from_iterable(row.split(", ") for row, _ in rows()))


def used_words() -> str:
    """All that the code and the other pages say, names of classes and functions split into words."""
    pages = [page for page in (ROOT / "docs").glob("*.md") if page != GLOSSARY]
    code = (ROOT / "orchestrate").rglob("*.py")
    templates = (ROOT / "collections").rglob("*.j2")
    text = "\n".join(path.read_text(encoding="utf-8") for path in (*pages, *code, *templates))
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text).lower()


def test_each_term_stands_once() -> None:
    assert [term for term, count in Counter(map(str.lower, terms())).items() if count > 1] == []


def test_each_term_is_used() -> None:
    words = re.sub(r"\s+", " ", used_words())

    assert [term for term in terms() if not re.search(rf"\b{re.escape(term)}", words)] == []


@pytest.mark.parametrize("values", [Availability, ServiceStatus], ids=["node", "replica"])
def test_each_state_is_explained(values: Any) -> None:
    assert {*get_args(values)} - {*terms()} == set()


def test_a_meaning_is_short() -> None:
    long = [
        term for term, meaning in rows() if len(re.findall(r"\.(?: |$)", meaning)) > MAX_SENTENCES
    ]

    assert long == []
