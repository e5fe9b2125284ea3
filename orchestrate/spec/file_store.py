"""The files that the files name: each is read once, through the caller's door, and all have a bound."""

from __future__ import annotations

import posixpath

from orchestrate.errors import InputError
from orchestrate.spec.load import Document
from orchestrate.spec.located import Diagnostics, Place
from orchestrate.spec.request import ReadFile

MAX_CHARACTERS = 50_000_000
"""Of all files together, as often as they are used; each use is read again, if not from the disk."""


def join(directory: str, path: str) -> str:
    """`path` as seen from where `directory` is; one from / stays what it is."""
    return posixpath.normpath(posixpath.join(directory, path))


class FileStore:
    """Paths are relative to the project's directory, names as they lead there from the caller's."""

    def __init__(self, read_file: ReadFile, directory: str, findings: Diagnostics) -> None:
        self._read_file = read_file
        self._directory = directory
        self._findings = findings
        self._texts: dict[str, str | None] = {}
        self._left = MAX_CHARACTERS

    def name(self, path: str) -> str:
        """Return the name of the file in messages."""
        return join(self._directory, path)

    def find(self, path: str, place: Place, key: str, *, required: bool = True) -> Document | None:
        """A file that is named at `place` under `key`. None: it is of no use, and that was said there."""
        return self.find_named(self.name(path), place, key, required=required)

    def find_named(
        self, name: str, place: Place, key: str, *, required: bool = True
    ) -> Document | None:
        """The same for a name that is the caller's own, such as that of an argument."""
        try:
            text = self._texts[name] if name in self._texts else self._read_file(name)
        except InputError as error:
            self._findings.refuse(place, key, str(error))
            return None
        self._texts[name] = text
        if text is None:
            if required:
                self._findings.refuse(place, key, f"{name}: no such file")
            return None
        if "\0" in text:
            self._findings.refuse(place, key, f"{name}: is no text, it has the character U+0000")
            return None
        self._take(len(text), place, key)
        return Document(name, text)

    def _take(self, characters: int, place: Place, key: str) -> None:
        self._left -= characters
        if self._left < 0:
            message = f"the files that are named have more than {MAX_CHARACTERS} characters in all"
            self._findings.refuse(place, key, message)
            self._findings.raise_problems()
