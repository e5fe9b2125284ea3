"""Puts the events of a YAML parser together to located data, with bounds on depth and size.

An alias shares what it names, and counts with its whole size: a few lines of aliases of aliases stand
for billions of values, and each stage after this one walks over every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import yaml

from orchestrate.spec.located import (
    LONG_TEXT,
    SPOILED,
    Content,
    Diagnostics,
    Located,
    Place,
    Tag,
    UnreadableError,
    join_path,
)
from orchestrate.spec.numbers import is_rewritten

MAX_DEPTH = 50
MAX_VALUES = 1_000_000

_CORE = "tag:yaml.org,2002:"
_MAPPING_TAG = _CORE + "map"
_LIST_TAG = _CORE + "seq"
_NULL_TAG = _CORE + "null"
_TEXT_TAGS = {"!", *(_CORE + name for name in ("str", "int", "float", "bool", "timestamp"))}
_NULLS = {"", "~", "null", "Null", "NULL"}
_TAGS = {tag.value: tag for tag in (Tag.RESET, Tag.OVERRIDE)}
_BOOLEANS = {"True": "true", "TRUE": "true", "False": "false", "FALSE": "false"}


class _Part(NamedTuple):
    """A value that is complete; `height` is how deep it nests, `values` how many it stands for."""

    content: Content
    place: Place
    values: int = 1
    height: int = 0
    plain: bool = False
    tag: Tag = Tag.NONE
    rewritten: bool = False


class _Key(NamedTuple):
    """`name` is None when the key is of no use, and so its value."""

    name: str | None
    place: Place
    merges: bool


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet; `inherited` is what its merge keys name."""

    content: dict[str, Located] | list[Located]
    place: Place
    anchor: str | None
    tag: Tag
    values: int = 1
    height: int = 1
    key: _Key | None = None
    inherited: list[dict[str, Located]] = field(default_factory=list)

    def key_of_next(self) -> str | int:
        if isinstance(self.content, list):
            return len(self.content)
        return (self.key.name if self.key else None) or "?"


class Assembler:
    """Takes events in their order; `roots` grows by one with each document of the file."""

    def __init__(self, file: str, findings: Diagnostics) -> None:
        self.roots: list[Located] = []
        self._file = file
        self._findings = findings
        self._open: list[_Open] = []
        self._anchors: dict[str, _Part] = {}

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._add(self._read_scalar(event), event.anchor)
            case yaml.MappingStartEvent():
                self._start({}, event, _MAPPING_TAG)
            case yaml.SequenceStartEvent():
                self._start([], event, _LIST_TAG)
            case yaml.CollectionEndEvent():
                self._close()
            case yaml.AliasEvent():
                self._add(self._find_anchored(event), None)
            case yaml.DocumentStartEvent():
                self._anchors.clear()
            case _:
                pass

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return (
            Place(self._file, mark.line + 1, mark.column + 1) if mark else Place(self._file, 0, 0)
        )

    def _start(
        self,
        content: dict[str, Located] | list[Located],
        event: yaml.CollectionStartEvent,
        tag: str,
    ) -> None:
        place = self._place(event)
        self._check_depth(place, len(self._open) + 1)
        ours = _TAGS.get(event.tag, Tag.NONE)
        if event.tag is not None and event.tag != tag and not ours:
            self._refuse_tag(event.tag, place)
        self._open.append(_Open(content, place, event.anchor, ours))

    def _read_scalar(self, event: yaml.ScalarEvent) -> _Part:
        text, place = event.value, self._place(event)
        tag = _TAGS.get(event.tag, Tag.NONE) if event.tag else Tag.NONE
        plain = event.implicit[0] or (tag is not Tag.NONE and not event.style)
        if "\0" in text:
            self._refuse(place, "the character U+0000 must not stand in a text")
            return _Part(SPOILED, place)
        if plain:
            text = _BOOLEANS.get(text, text)
        elif (
            event.tag is not None and tag is Tag.NONE and event.tag not in {_NULL_TAG, *_TEXT_TAGS}
        ):
            self._refuse_tag(event.tag, place)
        is_null = event.tag == _NULL_TAG or (plain and text in _NULLS)
        content = None if is_null else text
        rewritten = plain and is_rewritten(text)
        return _Part(content, place, 1 + len(text) // LONG_TEXT, 0, plain, tag, rewritten)

    def _find_anchored(self, event: yaml.AliasEvent) -> _Part:
        place = self._place(event)
        part = self._anchors.get(event.anchor or "")
        if part is None:
            self._refuse(place, f'the alias "*{event.anchor}" names no anchor above it')
            return _Part(SPOILED, place)
        self._check_depth(place, len(self._open) + part.height)
        return part._replace(place=place)

    @staticmethod
    def _check_depth(place: Place, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise UnreadableError(place, f"nested more than {MAX_DEPTH} levels deep")

    def _add(self, part: _Part, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = part
        if not self._open:
            self.roots.append(Located(part.content, part.place, part.tag))
            return
        top = self._open[-1]
        top.values += part.values
        if top.height <= part.height:
            top.height = part.height + 1
        if top.values > MAX_VALUES:
            message = f"with its aliases written out the file has more than {MAX_VALUES} values"
            raise UnreadableError(part.place, message)
        if isinstance(top.content, list):
            top.content.append(Located(part.content, part.place, part.tag))
        elif top.key is None:
            top.key = self._read_key(part)
        else:
            self._enter(top, top.content, top.key, part)
            top.key = None

    def _read_key(self, part: _Part) -> _Key:
        name = part.content if isinstance(part.content, str) else None
        if name is None and part.content is not SPOILED:
            self._refuse(part.place, "a key must be text")
        if part.tag is not Tag.NONE:
            self._refuse_tag(part.tag.value, part.place)
        return _Key(name, part.place, merges=part.plain and name == "<<")

    def _enter(self, top: _Open, entries: dict[str, Located], key: _Key, part: _Part) -> None:
        if key.merges:
            self._inherit(top, key, part.content)
        elif key.name in entries:
            first = entries[key.name].place.line
            self._refuse(key.place, f"the key stands twice, first on line {first}")
        elif key.name is not None:
            entries[key.name] = Located(part.content, key.place, part.tag)
            if part.rewritten:
                self._findings.rewritten.add(key.place)

    def _inherit(self, top: _Open, key: _Key, content: Content) -> None:
        sources = [Located(content, key.place)]
        if isinstance(content, list):
            sources = content
        for source in sources:
            if isinstance(source.content, dict):
                top.inherited.append(source.content)
            elif source.content is not SPOILED:
                self._refuse(source.place, "<< takes in a mapping, or a list of mappings")

    def _close(self) -> None:
        done = self._open.pop()
        if isinstance(done.content, dict):
            for entries in done.inherited:
                for name, value in entries.items():
                    done.content.setdefault(name, value)
        part = _Part(done.content, done.place, done.values, done.height, tag=done.tag)
        self._add(part, done.anchor)

    def _refuse_tag(self, tag: str, place: Place) -> None:
        shown = "!!" + tag.removeprefix(_CORE) if tag.startswith(_CORE) else tag
        self._refuse(place, f"the tag {shown} is not supported here: remove it")

    def _refuse(self, place: Place, message: str) -> None:
        path = ""
        for opened in self._open:
            path = join_path(path, opened.key_of_next())
        self._findings.refuse(place, path, message)
