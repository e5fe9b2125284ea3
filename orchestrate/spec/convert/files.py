"""`configs` and `secrets` to the model: a service's entries take in what they name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import get_args

from orchestrate.model.file import File, FileKind, FileMount, Source
from orchestrate.spec.convert.fields import Fields, read_fields
from orchestrate.spec.located import Plain
from orchestrate.spec.rules.files import DIGEST

Files = Mapping[tuple[FileKind, str], File]
_KINDS: tuple[FileKind, ...] = get_args(FileKind)


def make_files(data: Plain) -> Files:
    """The files of a project, by kind and name."""
    return {
        (kind, name): _make_file(kind, name, file)
        for kind in _KINDS
        for name, file in data.get(f"{kind}s", {}).items()
    }


def _make_file(kind: FileKind, name: str, data: Plain) -> File:
    return File(kind=kind, name=name, source=_make_source(data), digest=data.get(DIGEST, ""))


def _make_source(data: Plain) -> Source:
    if "file" in data:
        return Source(kind="file", name=data["file"])
    if "environment" in data:
        return Source(kind="environment", name=data["environment"])
    if "content" in data:
        return Source(kind="content", name=data["content"])
    return Source(kind="variable", name=data["name"])


def make_mounts(data: Plain, files: Files) -> tuple[FileMount, ...]:
    """Return the mounts of a service's files, sorted by target."""
    found = (
        FileMount(file=files[kind, mount["source"]], **read_fields(mount, _MOUNT))
        for kind in _KINDS
        for mount in data.get(f"{kind}s", ())
    )
    return tuple(sorted(found, key=lambda mount: mount.target))


_MOUNT: Fields = {
    "target": ("target", str),
    "uid": ("uid", int),
    "gid": ("gid", int),
    "mode": ("mode", partial(int, base=8)),
}
