"""A Compose project as its files share it: the one that is read, or one that it includes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scope:
    """Paths in its files begin at `directory`, which is relative to that of the project that is read."""

    variables: Mapping[str, str]
    directory: str = ""
    files: tuple[str, ...] = ()
    """Its own, after those of the projects that it is included by."""
