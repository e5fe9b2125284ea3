"""Compose files, as they lie on the controller."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from orchestrate.errors import InputError
from orchestrate.spec import Document

DEFAULT_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
_MAX_SIZE = 64 * 1024**2


def default_file() -> str:
    """The file that Compose itself would take in this directory."""
    for name in DEFAULT_NAMES:
        if Path(name).is_file():
            return name
    raise InputError(f"no Compose file here ({', '.join(DEFAULT_NAMES)}): name one with -f")


def read_documents(names: Sequence[str]) -> tuple[Document, ...]:
    return tuple(Document(name=name, text=_text(name)) for name in names)


def directory(names: Sequence[str]) -> str:
    """The project's: that of its first file."""
    return str(Path(names[0]).resolve().parent)


def read_further(name: str) -> str | None:
    """A file that a Compose file names; None where there is none. InputError says what is wrong with it."""
    path = Path(name)
    try:
        if name == os.devnull:
            return ""
        if not path.exists():
            return None
        if not path.is_file():
            raise InputError(f"{name}: is no file")
        size = path.stat().st_size
    except OSError as error:
        raise InputError(f"{name}: {(error.strerror or str(error)).lower()}") from error
    if size > _MAX_SIZE:
        raise InputError(f"{name}: is larger than {_MAX_SIZE // 1024**2} MiB")
    return _text(name)


def _text(name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{name}: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 text (byte {error.start})") from error
