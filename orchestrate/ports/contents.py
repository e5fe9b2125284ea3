"""The contents of configs and secrets."""

from __future__ import annotations

from typing import Protocol

from orchestrate.model.file import File


class Contents(Protocol):
    def read(self, file: File, node: str) -> bytes:
        """What is in a config or secret now, as this node would get it. InputError: it cannot be read."""
        ...
