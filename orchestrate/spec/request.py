"""A person's request beside the files, and the one door to the files that those name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

ReadFile: TypeAlias = Callable[[str], str | None]
"""The text of a file; None where there is none. InputError for one that cannot be read."""


def _no_file(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`env_files` stand in for the `.env` beside the first file; empty names and profiles ask for nothing.

    `extra` are variables above those of the environment, `shared` ones above `.env` only; either is asked
    as late as can be, and its TemplateError is a problem of the place that asks for a variable.
    """

    project_name: str = ""
    profiles: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    read_file: ReadFile = _no_file
