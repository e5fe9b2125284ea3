"""The mirrors of Debian that this machine itself uses: a lab gets its packages where its owner does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from orchestrate.errors import InputError
from orchestrate.lab.apt_sources import Source, parse_lines, parse_stanzas

_MAIN = "main"
_ROOT = Path("/")
_OF_DEBIAN = re.compile(r"debian-archive-[^/]*$")
_RENAMED = {"oldstable", "stable", "testing", "unstable", "sid"}
"""Names that a release has for a time, beside its own."""
_LIST_OF_MIRRORS = "mirror+file:"


@dataclass(frozen=True, slots=True)
class Mirrors:
    """`archive` is where the releases are; `beside` are the suites with its release's corrections."""

    archive: Source
    beside: tuple[Source, ...]

    def archive_of(self, suite: str) -> Source:
        """Return where that release of Debian is, without its corrections."""
        return replace(self.archive, suite=suite)

    def release(self, suite: str) -> tuple[Source, ...]:
        """Return where that release of Debian and its corrections are."""
        beside = (
            replace(source, suite=suite + source.suite.removeprefix(self.archive.suite))
            for source in self.beside
        )
        return (self.archive_of(suite), *beside)


def read_mirrors(root: Path = _ROOT) -> Mirrors:
    """Read apt's configuration of this machine. InputError where it names no mirror of Debian."""
    release = _read_release(root / "etc/os-release")
    sources = list(_read_sources(root))
    mirrors = choose_mirrors(sources, release)
    if mirrors is None:
        raise InputError(
            "apt has no mirror of Debian here, and nodes are made of its packages: run labs on "
            "Debian, with one in /etc/apt/sources.list or /etc/apt/sources.list.d"
        )
    return mirrors


def choose_mirrors(sources: Iterable[Source], release: str) -> Mirrors | None:
    """Choose among all that apt knows, archives of others for this release, too; None: no Debian's.

    Only an archive of Debian has corrections (`-updates`) beside a release; where those are not in
    use, it is the one that is signed by Debian, or whose signature says nothing of the sort.
    """
    usable = [source for source in sources if _MAIN in source.components]
    named = [source for source in usable if source.suite in {release, *_RENAMED}]
    archive = min(named, key=lambda source: _rank(source, usable), default=None)
    if not release or archive is None:
        return None
    suites = {f"{archive.suite}-updates": archive.uri, f"{archive.suite}-security": None}
    beside = [
        source
        for source in usable
        if source.suite in suites and suites[source.suite] in {None, source.uri}
    ]
    return Mirrors(_only_main(archive), tuple(map(_only_main, beside)))


def _rank(source: Source, usable: Sequence[Source]) -> int:
    updates = (source.uri, f"{source.suite}-updates")
    if updates in {(other.uri, other.suite) for other in usable}:
        return 0
    signer = source.options.get("Signed-By", "")
    return 1 if not signer or _OF_DEBIAN.search(signer) else 2


def _only_main(source: Source) -> Source:
    return replace(source, components=(_MAIN,))


def _read_release(file: Path) -> str:
    """Return the name of this machine's release; empty where it is not Debian."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    pairs = (line.partition("=") for line in text.splitlines())
    values = {name: value.strip("\"'") for name, _, value in pairs}
    return values.get("VERSION_CODENAME", "") if values.get("ID") == "debian" else ""


def _read_sources(root: Path) -> Iterator[Source]:
    directory = root / "etc/apt/sources.list.d"
    lists = [root / "etc/apt/sources.list", *sorted(directory.glob("*.list"))]
    for file in (file for file in lists if file.is_file()):
        yield from _resolved(parse_lines(file.read_text(encoding="utf-8")), root)
    for file in sorted(directory.glob("*.sources")):
        yield from _resolved(parse_stanzas(file.read_text(encoding="utf-8")), root)


def _resolved(sources: Iterable[Source], root: Path) -> Iterator[Source]:
    """Put the first of a list of mirrors in its place: a node does not have this machine's files."""
    for source in sources:
        if not source.uri.startswith(_LIST_OF_MIRRORS):
            yield source
            continue
        file = root / source.uri.removeprefix(_LIST_OF_MIRRORS).lstrip("/")
        mirrors = file.read_text(encoding="utf-8").split() if file.is_file() else []
        if mirrors:
            yield replace(source, uri=mirrors[0].rstrip("/"))
