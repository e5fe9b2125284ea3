"""What a person asks for beside the files, and the one door to the files that those name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

ReadFile: TypeAlias = Callable[[str], str | None]
"""The text of a file; None where there is none. InputError for one that cannot be read."""


def _no_file(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`env_files` stand in for the `.env` beside the first file; empty names and profiles ask for nothing."""

    project_name: str = ""
    profiles: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    read_file: ReadFile = _no_file
