"""The files of a project -> one tree: each is interpolated, brings in others, and they are merged.

What a file includes or extends is there before the next file is merged over it, so that this one may change it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from orchestrate.spec.extend import Extender
from orchestrate.spec.file_store import FileStore, join
from orchestrate.spec.include import bring_in, fill_in_names
from orchestrate.spec.interpolate import Interpolator
from orchestrate.spec.load import Document, load
from orchestrate.spec.located import Located, Plain
from orchestrate.spec.merge import merge
from orchestrate.spec.paths import move_paths
from orchestrate.spec.rules.cursor import Cursor, Validation
from orchestrate.spec.rules.sources import INCLUDE, INCLUDE_ITEM
from orchestrate.spec.scope import Scope
from orchestrate.spec.template import layered
from orchestrate.spec.variables import DOTENV, read_files

MAX_INCLUDED = 1000
MAX_INCLUDED_DEPTH = 20


class Gatherer:
    def __init__(self, shelf: FileStore, examination: Validation) -> None:
        self._shelf = shelf
        self._examination = examination
        self._extender = Extender(shelf, examination)
        self._included = 0

    def gather(self, roots: Sequence[Located], scope: Scope) -> Located:
        findings = self._examination.findings
        return merge([self._complete(root, scope) for root in roots], findings)

    def _complete(self, root: Located, scope: Scope) -> Located:
        interpolator = Interpolator(scope.variables, self._examination.findings)
        filled = move_paths(interpolator.interpolate(root), scope.directory)
        return self._extender.extend(self._include(filled, scope), scope)

    def _include(self, root: Located, scope: Scope) -> Located:
        if not isinstance(root.content, dict) or "include" not in root.content:
            return root
        content = dict(root.content)
        spot = Cursor(content.pop("include"), ("include",), self._examination)
        for at in _items(spot):
            entry = at.read(INCLUDE_ITEM) or {}
            included = self._read(at, entry, scope) if entry.get("path") else None
            if included:
                content = bring_in(content, included, self._examination.findings)
            else:
                self._examination.findings.is_incomplete = True
        return root._replace(content=content)

    def _read(self, at: Cursor, entry: Plain, outer: Scope) -> Located | None:
        """The tree of an included project; None: there is none, and that was said."""
        paths = [join(outer.directory, path) for path in entry["path"]]
        documents = [self._find(path, at, outer) for path in paths]
        loaded = [load(one, self._examination.findings) for one in documents if one]
        roots = [root for file in loaded for root in file]
        if not all(documents) or not all(loaded):
            return None
        scope = self._scope(at, entry, outer)
        return fill_in_names(self.gather(roots, scope), scope.variables)

    def _find(self, path: str, at: Cursor, outer: Scope) -> Document | None:
        name = self._shelf.name(path)
        self._included += 1
        if name in outer.files:
            circle = " -> ".join((*outer.files[outer.files.index(name) :], name))
            at.refuse(f"includes itself: {circle}")
        elif len(outer.files) > MAX_INCLUDED_DEPTH:
            at.refuse(
                f"is included by more than {MAX_INCLUDED_DEPTH} files, one from within another"
            )
        elif self._included > MAX_INCLUDED:
            at.refuse(f"more than {MAX_INCLUDED} files are included")
            self._examination.findings.raise_problems()
        else:
            return self._shelf.find(path, at.place, at.path)
        return None

    def _scope(self, at: Cursor, entry: Plain, outer: Scope) -> Scope:
        """Its own variables come below those of whoever includes it."""
        first = posixpath.dirname(entry["path"][0])
        directory = join(outer.directory, entry.get("project_directory") or first)
        named = [join(outer.directory, file) for file in entry.get("env_file", ())]
        files = [self._shelf.find(file, at.place, at.path) for file in named]
        if not named:
            dotenv = join(directory, DOTENV)
            files = [self._shelf.find(dotenv, at.place, at.path, required=False)]
        variables = read_files(filter(None, files), outer.variables, self._examination.findings)
        names = (self._shelf.name(join(outer.directory, path)) for path in entry["path"])
        return Scope(
            variables=layered(outer.variables, variables),
            directory="" if directory == "." else directory,
            files=(*outer.files, *names),
        )


def _items(spot: Cursor) -> Iterator[Cursor]:
    if isinstance(spot.content, list):
        return spot.items()
    spot.read(INCLUDE)
    return iter(())
