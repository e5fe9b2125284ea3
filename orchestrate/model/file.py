"""Configs and secrets: files that containers find, and where their content is read from.

A secret's content is nowhere in the model: only where it comes from, and a keyed hash of what was there
when it was deployed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FileKind = Literal["config", "secret"]
SourceKind = Literal["file", "environment", "variable", "content"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """`name` is a path on the controller, a variable of its environment or of Ansible, or the text itself."""

    kind: SourceKind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A config or secret of the project; `digest` is empty until it is deployed."""

    kind: FileKind
    name: str
    source: Source
    digest: str = ""

    @property
    def path(self) -> str:
        """Return the path of the file's key in the Compose file."""
        return f"{self.kind}s.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMount:
    """`target` is the path in the container; `uid` and `gid` None: as the service's user says."""

    file: File
    target: str
    uid: int | None = None
    gid: int | None = None
    mode: int = 0o444
