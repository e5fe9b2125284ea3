"""Stage 1: YAML text to located data, in the YAML that Compose reads.

Compose reads YAML 1.2 with the merge key of 1.1: only `true` and `false` are booleans, nothing counts
to the base of 60, a key stands once. Here a scalar stays the text that it is; whoever knows its key
makes a number of it. The parser's events are taken one by one, so that a file which nests too deep, or
grows too large through its aliases, is refused before it has cost anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from orchestrate.spec.assemble import Assembler
from orchestrate.spec.located import Diagnostics, Located, Place, UnreadableError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAB_INDENTS = re.compile(r"[ \t]*\t")


@dataclass(frozen=True, slots=True)
class Document:
    """A file as the caller read it; `name` is what messages call it."""

    name: str
    text: str


def load(
    document: Document, findings: Diagnostics, *, may_be_empty: bool = False
) -> tuple[Located, ...]:
    """Read the roots of a file; a file of several YAML documents has several, as in Compose."""
    try:
        _refuse_characters(document)
        assembler = Assembler(document.name, findings)
        for event in _parse(document):
            assembler.take(event)
    except UnreadableError as error:
        findings.refuse(error.place, "", error.message)
        return ()
    if not assembler.roots and not may_be_empty:
        findings.refuse(Place(document.name, 0, 0), "", "the file is empty")
    return tuple(assembler.roots)


def _refuse_characters(document: Document) -> None:
    found = _FORBIDDEN.search(document.text)
    if found:
        line = document.text.count("\n", 0, found.start()) + 1
        column = found.start() - document.text.rfind("\n", 0, found.start())
        message = f"the character U+{ord(found.group()):04X} must not stand in a YAML file"
        raise UnreadableError(Place(document.name, line, column), message)


def _parse(document: Document) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(document.text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        place = _place_of(error, document)
        message = _explain(error, _line_at(document.text, place.line))
        raise UnreadableError(place, message) from error


def _place_of(error: yaml.MarkedYAMLError, document: Document) -> Place:
    """Return the line before the one that libyaml names when something is missing at the end of a file."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (-1, -1)
    lines = document.text.splitlines()
    if lines and line >= len(lines):
        return Place(document.name, len(lines), len(lines[-1]) + 1)
    return Place(document.name, line + 1, column + 1)


def _explain(error: yaml.MarkedYAMLError, line: str) -> str:
    if _TAB_INDENTS.match(line):
        return "not valid YAML: a tab indents the line, write spaces"
    context = f" ({error.context})" if error.context else ""
    return f"not valid YAML: {error.problem}{context}"


def _line_at(text: str, line: int) -> str:
    lines = text.splitlines()
    return lines[line - 1] if 0 < line <= len(lines) else ""
