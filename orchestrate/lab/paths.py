"""The places on disk: what is costly to make is cached, what belongs to one lab lies with it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


def cache_directory() -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "orchestrate"


@dataclass(frozen=True, slots=True)
class LabFiles:
    """The files that `up` writes for people and for Ansible."""

    directory: Path

    @classmethod
    def here(cls, lab: str) -> LabFiles:
        return cls(Path.cwd() / ".orchestrate" / "lab" / lab)

    @property
    def inventory(self) -> Path:
        return self.directory / "inventory.yml"

    @property
    def key(self) -> Path:
        return self.directory / "id_ed25519"

    @property
    def public_key(self) -> Path:
        return self.directory / "id_ed25519.pub"

    @property
    def known_hosts(self) -> Path:
        return self.directory / "known_hosts"
