"""The right to change the cluster."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class Lock(Protocol):
    def hold(self, command: str) -> AbstractContextManager[None]:
        """The right to change things; LockHeldError names who has it."""
        ...

    def is_lost(self) -> bool:
        """True if it was held and the right is gone."""
        ...
