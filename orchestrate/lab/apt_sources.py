"""The package archives that apt is configured with, read from both forms of its files (sources.list(5))."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

_LINE = re.compile(
    r"deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>(?!cdrom:)\S+)\s+(?P<suite>\S+)(?P<rest>.*)"
)
_LONG_NAMES = {"arch": "Architectures", "lang": "Languages", "target": "Targets"}
"""The options of a line that a stanza calls by another name, but for upper case."""
_OWN_FIELDS = {"Types", "Uris", "Suites", "Components", "Enabled"}


@dataclass(frozen=True, slots=True)
class Source:
    """A suite of an archive; `options` are named as in a stanza, `Signed-By` among them."""

    uri: str
    suite: str
    components: tuple[str, ...]
    options: Mapping[str, str] = field(default_factory=dict)

    def stanza(self) -> str:
        """Return it in the form that can say everything: a key may stand in it."""
        fields = {
            "Types": "deb",
            "URIs": self.uri,
            "Suites": self.suite,
            "Components": " ".join(self.components),
            **self.options,
        }
        return "".join(f"{name}: {value}\n" for name, value in fields.items())

    def keyrings(self) -> list[str]:
        """Return the files that hold the keys; a key may be named by its fingerprint, too."""
        words = re.split(r"[\s,]+", self.options.get("Signed-By", ""))
        return [word for word in words if word.startswith("/")]


def parse_lines(text: str) -> list[Source]:
    """Read a sources.list. CD-ROMs, source code and what apt would not read either are left out."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [_from_line(match) for line in lines if (match := _LINE.fullmatch(line))]


def _from_line(match: re.Match[str]) -> Source:
    words = (match["options"] or "").split()
    options = dict(word.split("=", 1) for word in words if "=" in word)
    return Source(
        uri=match["uri"].rstrip("/"),
        suite=match["suite"],
        components=tuple(match["rest"].split()),
        options={
            _LONG_NAMES.get(name, name.title()): value.replace(",", " ")
            for name, value in options.items()
        },
    )


def parse_stanzas(text: str) -> list[Source]:
    """Read a file of stanzas (`*.sources`); those that are not enabled are left out."""
    return [source for stanza in _stanzas(text) for source in _from_stanza(stanza)]


def _stanzas(text: str) -> Iterator[dict[str, str]]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for paragraph in re.split(r"\n(?:[ \t]*\n)+", "\n".join(lines)):
        yield dict(_fields(paragraph.splitlines()))


def _fields(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """A line that begins with a space goes on with the field before it."""
    name, value = "", ""
    for line in lines:
        if line[:1].isspace():
            value = f"{value}\n{line.rstrip()}"
            continue
        if name:
            yield name, value
        name, _, value = line.partition(":")
        name, value = name.strip().title(), value.strip()
    if name:
        yield name, value


def _from_stanza(stanza: Mapping[str, str]) -> Iterator[Source]:
    is_enabled = stanza.get("Enabled", "yes").lower() not in {"no", "false", "0", "off"}
    if not is_enabled or "deb" not in stanza.get("Types", "").split():
        return
    options = {name: value for name, value in stanza.items() if name not in _OWN_FIELDS}
    components = tuple(stanza.get("Components", "").split())
    for uri, suite in product(stanza.get("Uris", "").split(), stanza.get("Suites", "").split()):
        yield Source(uri.rstrip("/"), suite, components, options)
