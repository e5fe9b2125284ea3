"""The kinds of rules; the tables of the other files here are made of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from orchestrate.spec.located import Plain, describe
from orchestrate.spec.rules.cursor import Cursor, MismatchError, Rule

_LONGEST_WORD = 40
_MOST_WORDS = 500


def suggest(word: str, known: Collection[str], otherwise: str = "") -> str:
    """Ask for the known word that was probably meant, where the search is worth its time."""
    if len(word) > _LONGEST_WORD or len(known) > _MOST_WORDS:
        return otherwise
    meant = get_close_matches(word, known, n=1, cutoff=0.6)
    return f'did you mean "{meant[0]}"?' if meant else otherwise


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text; `parse` gives None for what is not as `expected`, or a ValueError with advice."""

    expected: str
    parse: Callable[[str], Plain]

    def __call__(self, spot: Cursor) -> Plain:
        content, advice = spot.content, ""
        try:
            value = self.parse(content) if isinstance(content, str) else None
        except ValueError as error:
            value, advice = None, f": {error}"
        if value is None:
            raise MismatchError(f"expected {self.expected}, got {describe(content)}{advice}")
        return value


@dataclass(frozen=True, slots=True)
class Refused:
    """A key that Compose knows and a cluster does not, and what to do instead; `of` single values."""

    advice: str
    of: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, spot: Cursor) -> Plain:
        value = spot.content if isinstance(spot.content, str) else ""
        raise MismatchError(f"is not supported: {self.of.get(value, self.advice)}")


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A key that has no effect on a cluster, and harms nobody: it is warned of, and not kept."""

    reason: str

    def __call__(self, spot: Cursor) -> Plain:
        spot.warn(self.reason)


@dataclass(frozen=True, slots=True)
class NoEffect:
    """A key that is read and kept, but that nothing acts on: it is warned of, with what happens instead.

    `of` are the values that this is about; empty: all but those that ask for what happens anyway (`same`).
    """

    rule: Rule
    reason: str
    of: tuple[Plain, ...] = ()
    same: tuple[Plain, ...] = ()

    def __call__(self, spot: Cursor) -> Plain:
        value = self.rule(spot)
        if value in self.of or not (self.of or value in self.same):
            spot.warn(self.reason)
        return value


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping of known keys, which is also their order in the canonical form.

    `checks` look at several of them at once, after each for itself; one that finds two ways of saying
    the same may put what it found in the place where the canonical form has it.
    """

    keys: Mapping[str, Rule]
    required: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Callable[[Cursor, Plain], None], ...] = ()
    may_be_empty: bool = False

    def __call__(self, spot: Cursor) -> Plain:
        if self.may_be_empty and spot.content is None:
            return {}
        read, names = {}, set()
        for name, child in spot.entries():
            names.add(name)
            if name not in self.keys:
                self._pass_over(name, child)
                continue
            value = child.read(self.keys[name])
            if value is not None:
                read[name] = value
        for name, advice in self.required.items():
            if name not in names:
                spot.refuse(f'has no "{name}": {advice}')
        for check in self.checks:
            check(spot, read)
        return {key: read[key] for key in self.keys if key in read}

    def _pass_over(self, name: str, spot: Cursor) -> None:
        """Compose leaves keys that begin with x- to others; any other must be known."""
        if not name.startswith("x-"):
            advice = suggest(name, self.keys, "remove it, or begin it with x-")
            spot.refuse(f"is not a known key: {advice}")
            return
        ours = [key for key in self.keys if key.startswith("x-")]
        if meant := suggest(name, ours):
            spot.warn(f"is passed over like every unknown x- key: {meant}")


def in_order(section: Section, data: Plain) -> Plain:
    """Data of a section that was put together from several places, as if it had been read from one."""
    return {
        key: in_order(rule, data[key]) if isinstance(rule, Section) else data[key]
        for key, rule in section.keys.items()
        if key in data
    }


@dataclass(frozen=True, slots=True)
class OrNull:
    """A value that may be left empty, which is as if its key were not there."""

    rule: Rule

    def __call__(self, spot: Cursor) -> Plain:
        return None if spot.content is None else self.rule(spot)


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping whose keys the person chose; an entry's own key is under the rule `name`."""

    name: Scalar
    entry: Rule

    def __call__(self, spot: Cursor) -> Plain:
        read = {}
        for name, child in spot.entries():
            child.holding(name).read(self.name)
            value = child.read(self.entry)
            if value is not None:
                read[name] = value
        return dict(sorted(read.items()))


@dataclass(frozen=True, slots=True)
class ListOf:
    item: Rule

    def __call__(self, spot: Cursor) -> Plain:
        values = [item.read(self.item) for item in spot.items()]
        return [value for value in values if value is not None]


@dataclass(frozen=True, slots=True)
class Forms:
    """A value that may be written in several ways, each of which has its rule."""

    expected: str
    text: Rule | None = None
    sequence: Rule | None = None
    mapping: Rule | None = None

    def __call__(self, spot: Cursor) -> Plain:
        match spot.content:
            case str():
                rule = self.text
            case list():
                rule = self.sequence
            case dict():
                rule = self.mapping
            case _:
                rule = None
        if rule is None:
            raise MismatchError(f"expected {self.expected}, got {describe(spot.content)}")
        return rule(spot)


@dataclass(frozen=True, slots=True)
class Finished:
    """A value that gets its canonical form after `rule` has read it."""

    rule: Rule
    finish: Callable[[Plain], Plain]

    def __call__(self, spot: Cursor) -> Plain:
        return self.finish(self.rule(spot))


def one_or_more(expected: str, rule: Rule) -> Forms:
    """A single value stands for a list of one."""
    return Forms(expected, text=lambda spot: [rule(spot)], sequence=ListOf(rule))


@dataclass(frozen=True, slots=True)
class Unique:
    """A list of which each item stands for some entries, and no two entries have one identity.

    Where lists were merged, an entry of the later takes the place of its equal in the earlier. Each is noted.
    """

    item: Rule
    identity: Callable[[Plain], Hashable]
    note: str

    def __call__(self, spot: Cursor) -> Plain:
        kept: dict[Hashable, tuple[Cursor, Plain]] = {}
        for child in spot.items():
            for entry in child.read(self.item) or ():
                identity = self.identity(entry)
                holder = kept.get(identity, (None, None))[0]
                if holder and holder.located.layer == child.located.layer:
                    child.refuse(f"clashes with {holder.path} ({holder.place}): remove one")
                kept[identity] = (child, entry)
        for child, entry in kept.values():
            child.note(self.note, entry)
        return [entry for _, entry in kept.values()]
