"""How the lab tells what it is doing; the command line decides how that looks."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class Progress(Protocol):
    def step(self, text: str) -> AbstractContextManager[None]:
        """Around a piece of work that takes long enough for a person to wonder."""
        ...
