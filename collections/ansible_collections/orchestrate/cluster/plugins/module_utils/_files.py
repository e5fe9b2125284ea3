# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that containers are given: configs and secrets, in memory, bound read-only.

DIRECTORY/<container's name>/<path in the container>. They are gone after a boot, and so does the engine not
start their containers then (a bind without its source fails): whoever starts them writes the files anew.
"""

from __future__ import annotations

import os
import shutil
import stat
from typing import NamedTuple

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError

MISSING = "missing"
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})
_MOUNTS = "/proc/self/mountinfo"


class File(NamedTuple):
    """What a container is to find at `target`."""

    target: str
    content: bytes
    uid: int
    gid: int
    mode: int


class Files:
    def __init__(self, directory: str) -> None:
        self._root = directory.rstrip("/")

    def mount(self, name: str, target: str) -> dict:
        source = self._path(name, target)
        return {"type": "bind", "source": source, "target": target, "read_only": True}

    def holder(self, inspection: dict) -> str:
        """The name under which a container's files lie; it may have been renamed since. Empty: it has none."""
        return next((self._split(source)[0] for source in self._sources(inspection)), "")

    def states(self, inspection: dict) -> dict[str, str]:
        """Target -> owner, group and mode as `0:0 0444`, or `missing`; for each file that it was given."""
        return {self._split(source)[1]: _state(source) for source in self._sources(inspection)}

    def outdated(self, name: str, files: list[File]) -> list[File]:
        """Those that are not there as they should be."""
        return [file for file in files if not _is_as_wanted(self._path(name, file.target), file)]

    def write(self, name: str, files: list[File]) -> None:
        self._require_memory()
        os.makedirs(self._root, mode=0o700, exist_ok=True)
        for file in files:
            path = self._path(name, file.target)
            try:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                _write(path, file)
            except OSError as error:
                raise ActionError(f"{path} cannot be written: {error.strerror}") from error

    def names(self) -> list[str]:
        return os.listdir(self._root) if os.path.isdir(self._root) else []

    def keep(self, containers: list[dict]) -> None:
        """Remove the files of all but these containers, as the engine lists them."""
        kept = {self.holder(container) for container in containers}
        for name in set(self.names()) - kept:
            shutil.rmtree(os.path.join(self._root, name), ignore_errors=True)

    def _sources(self, inspection: dict) -> list[str]:
        sources = (mount.get("Source", "") for mount in inspection.get("Mounts") or ())
        return [source for source in sources if source.startswith(f"{self._root}/")]

    def _split(self, source: str) -> tuple[str, str]:
        name, slash, rest = source[len(self._root) + 1 :].partition("/")
        return name, slash + rest

    def _path(self, name: str, target: str) -> str:
        path = f"{self._root}/{name}{target}"
        if os.path.normpath(path) != path or not target.startswith("/"):
            raise ActionError(
                f"{name}: {target!r} is no path in a container: from / and without .."
            )
        return path

    def _require_memory(self) -> None:
        """Nothing secret may ever lie on a disk."""
        found = filesystem_of(os.path.realpath(self._root))
        if found not in _IN_MEMORY:
            raise ActionError(
                f"{self._root} lies on {found}, not in memory: secrets are written to a tmpfs only; "
                "mount one there, as systemd does at /run"
            )


def filesystem_of(path: str) -> str:
    """The type of the filesystem that `path` lies on, or would if it existed."""
    point, found = "", ""
    with open(_MOUNTS, encoding="utf-8") as file:
        for line in file:
            before, _, after = line.partition(" - ")
            mounted = before.split(" ")[4].rstrip("/")
            if f"{path}/".startswith(f"{mounted}/") and len(mounted) >= len(point):
                point, found = mounted, after.split(" ")[0]
    return found


def _state(path: str) -> str:
    try:
        seen = os.lstat(path)
    except OSError:
        return MISSING
    if not stat.S_ISREG(seen.st_mode):
        return MISSING
    return f"{seen.st_uid}:{seen.st_gid} {stat.S_IMODE(seen.st_mode):04o}"


def _is_as_wanted(path: str, file: File) -> bool:
    if _state(path) != f"{file.uid}:{file.gid} {file.mode:04o}":
        return False
    with open(path, "rb") as there:
        return there.read() == file.content


def _write(path: str, file: File) -> None:
    """In place: a container that runs has this very file mounted, not its name. Private until it is whole."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW
    with open(os.open(path, flags, 0o600), "wb") as there:
        os.fchmod(there.fileno(), 0o600)
        there.truncate()
        there.write(file.content)
        there.flush()
        os.fchown(there.fileno(), file.uid, file.gid)
        os.fchmod(there.fileno(), file.mode)
