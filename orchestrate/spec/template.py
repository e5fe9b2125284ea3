"""A text with variables: taken apart once, then filled in from a mapping."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from typing import NamedTuple, cast

from orchestrate.errors import InputError

MAX_TEXT = 5_000_000
_MAX_NESTED = 20
_TOKEN = re.compile(
    r"\$(?:(?P<dollar>\$)|(?P<named>[A-Za-z_][A-Za-z0-9_]*)"
    r"|\{(?:(?P<braced>[A-Za-z_][A-Za-z0-9_]*)(?P<operator>:?[-?+]|(?=\})))?)|(?P<brace>[{}])"
)
_SHOWN = 40


class TemplateError(InputError):
    """A variable that is written wrongly, must be set and is not, or is not given away by its source."""


class Reference(NamedTuple):
    """`${name operator word}`; the operator is empty where there is no word."""

    name: str
    operator: str = ""
    word: tuple[str | Reference, ...] = ()


Template = tuple[str | Reference, ...]


class Expansion(NamedTuple):
    """`unset` names the variables that left nothing in their place."""

    text: str
    unset: tuple[str, ...]


def layered(*sources: Mapping[str, str]) -> Mapping[str, str]:
    """Variables of several sources: the first that has a name gives its value."""
    return ChainMap(*cast("tuple[MutableMapping[str, str], ...]", sources))  # nobody writes to it


def parse_template(text: str) -> Template:
    """Take a text apart; a dollar sign that starts no variable stays what it is, as in Compose."""
    template, _ = _Parser(text).parse(0, 0)
    return template


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text

    def parse(self, start: int, nested: int) -> tuple[Template, int]:
        """Read from `start` to the end of the text or, if nested, past the brace that closes."""
        if nested > _MAX_NESTED:
            raise TemplateError(f"variables are nested more than {_MAX_NESTED} levels deep")
        parts: list[str | Reference] = []
        position, braces = start, 0
        while token := _TOKEN.search(self._text, position):
            parts.append(self._text[position : token.start()])
            position = token.end()
            if brace := token["brace"]:
                if nested and brace == "}" and not braces:
                    return tuple(parts), position
                braces += 1 if brace == "{" else -1
                parts.append(brace)
            else:
                part, position = self._read_variable(token, nested)
                parts.append(part)
        if nested:
            raise self._malformed(start)
        return (*parts, self._text[position:]), len(self._text)

    def _read_variable(self, token: re.Match[str], nested: int) -> tuple[str | Reference, int]:
        if token["dollar"]:
            return "$", token.end()
        if token["named"]:
            return Reference(token["named"]), token.end()
        if not token["braced"]:
            raise self._malformed(token.start())
        if not token["operator"]:
            return Reference(token["braced"]), token.end() + 1
        word, end = self.parse(token.end(), nested + 1)
        return Reference(token["braced"], token["operator"], word), end

    def _malformed(self, position: int) -> TemplateError:
        start = max(self._text.rfind("${", 0, position + 2), 0)
        shown = self._text[start : start + _SHOWN]
        return TemplateError(
            f'"{shown}" is not a variable: write ${{NAME}}, or $$ for a dollar sign'
        )


def expand(template: Template, environment: Mapping[str, str]) -> Expansion:
    """Fill in the variables; a word is looked at only where it is used."""
    texts: list[str] = []
    unset: list[str] = []
    for part in template:
        if isinstance(part, str):
            texts.append(part)
            continue
        expansion = _expand_reference(part, environment)
        texts.append(expansion.text)
        unset.extend(expansion.unset)
    if sum(map(len, texts)) > MAX_TEXT:
        raise TemplateError(f"has more than {MAX_TEXT} characters when it is filled in")
    return Expansion("".join(texts), tuple(unset))


def _expand_reference(reference: Reference, environment: Mapping[str, str]) -> Expansion:
    name, operator, word = reference
    value = environment.get(name)
    present = bool(value) if operator.startswith(":") else value is not None
    match operator[-1:]:
        case "+":
            return expand(word, environment) if present else Expansion("", ())
        case "-" if not present:
            return expand(word, environment)
        case "?" if not present:
            reason = expand(word, environment).text
            raise TemplateError(f"the variable {name} must be set{reason and ': '}{reason}")
        case _:
            return Expansion(value or "", () if value is not None else (name,))
