"""Files that a command leaves for the next one: for their owner only, and never half written."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def state_directory() -> Path:
    """Return where all of them are, by the XDG Base Directory Specification."""
    root = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(root) / "orchestrate"


def write_if_possible(path: Path, text: str) -> None:
    """Replace the file; a full disk or a read-only home is no reason for a command to fail."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        new.replace(path)


def text_if_any(path: Path) -> str:
    """Return the content of the file, or nothing where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
