"""Completion for shells: the names that the last look saw, and the outline of the commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orchestrate.adapters.names import Names, names_file, read_names, save_names
from orchestrate.adapters.private_file import state_directory, text_if_any, write_if_possible

_OUTLINE = "commands.json"


def offered_names(inventory: Sequence[str]) -> Names:
    """Return the nodes and replicas that the last look at this inventory saw."""
    return read_names(names_file(inventory))


def remember_names(inventory: Sequence[str], nodes: Iterable[str], replicas: Iterable[str]) -> None:
    save_names(names_file(inventory), Names([*nodes], [*replicas]))


def kept_outline_text() -> str:
    """Return the text that was kept last; empty: none was."""
    return text_if_any(state_directory() / _OUTLINE)


def keep_outline_text(text: str) -> None:
    write_if_possible(state_directory() / _OUTLINE, text)
