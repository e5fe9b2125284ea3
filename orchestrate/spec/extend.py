"""`extends`: a service takes in another one, of its own file or of another, by the rules of merging."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from posixpath import dirname, normpath
from typing import NamedTuple

from orchestrate.spec.assemble import MAX_DEPTH, MAX_VALUES
from orchestrate.spec.file_store import FileStore, join
from orchestrate.spec.interpolate import Interpolator
from orchestrate.spec.load import load
from orchestrate.spec.located import Located, Plain, weigh
from orchestrate.spec.merge import inherit, merge
from orchestrate.spec.paths import move_service_paths
from orchestrate.spec.rules.cursor import Cursor, Validation
from orchestrate.spec.rules.kinds import suggest
from orchestrate.spec.rules.sources import EXTENDS
from orchestrate.spec.scope import Scope


class _Link(NamedTuple):
    file: str
    service: str

    def __str__(self) -> str:
        return f"{self.service} ({self.file})"


@dataclass(frozen=True, slots=True)
class _Resolved:
    """A service that extends nothing any more; `height`: over how many others it stood."""

    service: Located
    values: int
    height: int = 0


@dataclass(slots=True)
class _File:
    """The services of a file; `prepare` makes one of the scope's own of it, when it is asked for."""

    file: str
    directory: str
    services: Mapping[str, Located]
    scope: Scope
    prepare: Callable[[str, Located], Located] = lambda _, service: service
    resolved: dict[str, _Resolved] = field(default_factory=dict)


_TOO_LONG = f"is the last of more than {MAX_DEPTH} services that extend each other"


class Extender:
    """A file that several services of a scope extend is taken apart once."""

    def __init__(self, shelf: FileStore, examination: Validation) -> None:
        self._shelf = shelf
        self._examination = examination
        self._books: dict[tuple[Scope, str], _File | None] = {}
        self._values = 0

    def extend(self, root: Located, scope: Scope) -> Located:
        """A file in which no service has `extends`."""
        services = root.content.get("services") if isinstance(root.content, dict) else None
        if services is None or not isinstance(services.content, dict):
            return root
        book = _File(normpath(root.place.file), scope.directory, services.content, scope)
        content = {
            name: self._resolve(book, name, ()).service if _extends(service) else service
            for name, service in services.content.items()
        }
        whole = services._replace(content=content)
        return root._replace(content={**_mapping(root), "services": whole})

    def _resolve(self, book: _File, name: str, above: tuple[_Link, ...]) -> _Resolved:
        if name not in book.resolved:
            service = book.prepare(name, book.services[name])
            book.resolved[name] = (
                self._inherit(book, Cursor(service, ("services", name), self._examination), above)
                if _extends(service)
                else _Resolved(service, weigh(service))
            )
        return book.resolved[name]

    def _inherit(self, book: _File, spot: Cursor, above: tuple[_Link, ...]) -> _Resolved:
        content = dict(_mapping(spot.located))
        at = spot.at("extends", content.pop("extends"))
        own = spot.located._replace(content=content)
        name = spot.key
        base = self._find(book, at, (*above, _Link(book.file, name)))
        if base is None:
            self._examination.findings.is_incomplete = True
            return _Resolved(own, weigh(own))
        resolved = _Resolved(
            inherit(base.service, own, self._examination.findings, ("services", name)),
            base.values + weigh(own),
            base.height + 1,
        )
        self._check_size(at, resolved)
        return resolved

    def _find(self, book: _File, at: Cursor, chain: tuple[_Link, ...]) -> _Resolved | None:
        """The service that is named there; None: there is none, and that was said."""
        wanted: Plain = at.read(EXTENDS) or {}
        file, name = wanted.get("file"), wanted.get("service")
        if name is None or (file is None and "file" in _mapping(at.located)):
            return None
        found = self._open(book.scope, join(book.directory, file), at) if file else book
        if found is None:
            return None
        if name not in found.services:
            advice = suggest(name, found.services.keys(), "name one of its services")
            at.refuse(f'there is no service "{name}" in {found.file}: {advice}')
            return None
        link = _Link(found.file, name)
        if link in chain:
            circle = " <- ".join(map(str, (*chain[chain.index(link) :], link)))
            at.refuse(f"extends itself: {circle}")
            return None
        if len(chain) > MAX_DEPTH:
            at.refuse(_TOO_LONG)
            return None
        return self._resolve(found, name, chain)

    def _open(self, scope: Scope, path: str, at: Cursor) -> _File | None:
        if (scope, path) not in self._books:
            self._books[scope, path] = self._read(scope, path, at)
        return self._books[scope, path]

    def _read(self, scope: Scope, path: str, at: Cursor) -> _File | None:
        document = self._shelf.find(path, at.place, at.path)
        findings = self._examination.findings
        roots = load(document, findings) if document else ()
        if not document or not roots:
            return None
        services = _mapping(merge(roots, findings)).get("services")
        found = _mapping(services) if services else {}
        directory = dirname(path)
        prepare = partial(self._prepare, scope, directory)
        return _File(document.name, directory, found, scope, prepare)

    def _prepare(self, scope: Scope, directory: str, name: str, service: Located) -> Located:
        interpolator = Interpolator(scope.variables, self._examination.findings)
        return move_service_paths(interpolator.interpolate(service, f"services.{name}"), directory)

    def _check_size(self, at: Cursor, resolved: _Resolved) -> None:
        """Each stage after this one walks over every value, however often it was extended."""
        self._values += resolved.values
        if self._values > MAX_VALUES:
            at.refuse(f"with all that is extended written out there are over {MAX_VALUES} values")
        elif resolved.height > MAX_DEPTH:
            at.refuse(_TOO_LONG)
        else:
            return
        self._examination.findings.raise_problems()


def _extends(service: Located) -> bool:
    return "extends" in _mapping(service)


def _mapping(located: Located) -> dict[str, Located]:
    return located.content if isinstance(located.content, dict) else {}
