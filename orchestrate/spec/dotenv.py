"""Files of variables: `.env`, `--env-file` and `env_file`, in the syntax that Compose reads.

`NAME=value`, one a line, perhaps after `export`; quotes may span lines; `#` begins a comment. Variables in a
value are filled in, from the environment or the lines above, unless it stands in single quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from orchestrate.spec.load import Document
from orchestrate.spec.located import SPOILED, Content, Diagnostics, Located, Place
from orchestrate.spec.template import TemplateError, expand, layered, parse_template

_START = re.compile(r"(?:\s|#[^\n]*)*")
_NAME = re.compile(r"(?:export[^\S\n]+)?([\w.\-\[\]]+)[^\S\n]*(?:([=:])[^\S\n]*|(?=\n|\Z))")
_UNQUOTED = re.compile(r"(?!['\"])([^\n]*)")
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
_REST = re.compile(r"[^\S\n]*(?:#[^\n]*)?(?=\n|\Z)")
_RAW_LINE = re.compile(r"([^\s=]+)(?:=([^\n]*))?(?=\n|\Z)")
_ESCAPE = re.compile(r"\\(?:([abfnrtv\\\"$])|0([0-7]{1,3}))")
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "$": "$$"}

Variables: TypeAlias = dict[str, Located]
"""The content None is a name that stands alone: its value is for the environment to give."""


def read_variables(
    document: Document, environment: Mapping[str, str], findings: Diagnostics
) -> Variables:
    """The variables of a file. What is wrong with it is said with its place, and ends the reading."""
    reader = _Reader(document, findings)
    above: dict[str, str] = {}
    known = layered(environment, above)
    found: Variables = {}
    for place in reader.statements():
        name, value = reader.read_assignment(place, known)
        if value is not SPOILED:
            found[name] = Located(value, place)
        if isinstance(value, str):
            above[name] = value
    return found


def read_raw_variables(document: Document, findings: Diagnostics) -> Variables:
    """`format: raw`: a value is all that stands after the `=`, with its quotes and dollar signs."""
    reader = _Reader(document, findings)
    lines = ((place, reader.take(_RAW_LINE)) for place in reader.statements())
    found: Variables = {}
    for place, line in lines:
        if line is None:
            findings.refuse(place, "", "expected a line such as NAME=value")
            break
        found[line[1]] = Located(line[2], place)
    return found


class _Reader:
    def __init__(self, document: Document, findings: Diagnostics) -> None:
        self._text = document.text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").replace(
            "\r\n", "\n"
        )
        self._findings = findings
        self._file = document.name
        self._position = self._line_start = 0
        self._line = 1
        self._is_wrong = False

    def statements(self) -> Iterator[Place]:
        """Yield the place of each statement; the caller reads it before it asks for the next."""
        self.take(_START)
        while self._position < len(self._text) and not self._is_wrong:
            yield self._place()
            self.take(_START)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Go past what matches here."""
        match = pattern.match(self._text, self._position)
        if match:
            lines = self._text.count("\n", self._position, match.end())
            if lines:
                self._line += lines
                self._line_start = self._text.rindex("\n", 0, match.end()) + 1
            self._position = match.end()
        return match

    def read_assignment(self, place: Place, known: Mapping[str, str]) -> tuple[str, Content]:
        name = self.take(_NAME)
        if not name:
            return "", self._refuse("expected a line such as NAME=value")
        if not name[2]:
            return name[1], None
        if unquoted := self.take(_UNQUOTED):
            return name[1], self._expand(unquoted[1].partition(" #")[0].rstrip(), place, known)
        quoted = self.take(_QUOTED)
        if not quoted:
            return name[1], self._refuse("the quote that begins here has no end")
        if not self.take(_REST):
            return name[1], self._refuse("expected the end of the line after the closing quote")
        if quoted[1] is not None:
            return name[1], quoted[1].replace("\\'", "'")
        return name[1], self._expand(_ESCAPE.sub(_unescape, quoted[2]), place, known)

    def _expand(self, text: str, place: Place, known: Mapping[str, str]) -> Content:
        if "$" not in text:
            return text
        try:
            expansion = expand(parse_template(text), known)
        except TemplateError as error:
            self._findings.refuse(place, "", str(error))
            return SPOILED
        self._findings.take(place, "", expansion.text)
        for name in expansion.unset:
            self._findings.warn(place, "", f"the variable {name} is not set: it is taken as empty")
        return expansion.text

    def _refuse(self, message: str) -> Content:
        self._is_wrong = True
        self._findings.refuse(self._place(), "", message)
        return SPOILED

    def _place(self) -> Place:
        return Place(self._file, self._line, self._position - self._line_start + 1)


def _unescape(match: re.Match[str]) -> str:
    """Replace escapes, but for U+0000, which no variable can hold."""
    letter, octal = match.groups()
    if letter:
        return _ESCAPED.get(letter, letter)
    return chr(int(octal, 8)) if int(octal, 8) else match[0]
