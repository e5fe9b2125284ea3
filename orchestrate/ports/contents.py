"""The contents of configs and secrets."""

from __future__ import annotations

from typing import Protocol

from orchestrate.model.file import File


class Contents(Protocol):
    def read(self, file: File, node: str) -> bytes:
        """Return the content of a config or secret, as this node would get it now.

        InputError: it is unreadable.
        """
        ...
