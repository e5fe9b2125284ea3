"""Output for people: tables and colours on a terminal, plain text elsewhere, JSON where asked for.

Results go to standard output; what goes on, and errors, to standard error.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestrate.views.text import cell

WIDE = 200
_SECONDS = len("2026-11-29T13:18:52")

out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)

_COLOURS = {
    "+": "green",
    "-": "red",
    "~": "yellow",
    "!": "yellow",
    "passing": "green",
    "ready": "green",
    "running": "green",
    "completed": "green",
    "critical": "red",
    "down": "red",
    "exited": "red",
    "unknown": "yellow",
    "degraded": "yellow",
    "warning": "yellow",
    "maintenance": "yellow",
}


def show_json(value: Any) -> None:
    print(json.dumps(value, indent=2, default=_plain))  # noqa: T201 - a console would wrap it


def show_text(text: str) -> None:
    """Print the text as it is, however long its lines."""
    print(text, end="")  # noqa: T201 - a console would wrap it


def show_rows(rows: Sequence[Any], kind: type) -> None:
    """A table of dataclasses; the columns that nobody has anything in are left out."""
    names = [field.name for field in fields(kind) if _is_used(field.name, rows)]
    table = Table(box=None, pad_edge=False, header_style="bold" if out.is_terminal else "")
    for name in names:
        table.add_column(name.removesuffix("_at").upper(), no_wrap=not out.is_terminal)
    for row in rows:
        table.add_row(*(_cell(_brief(name, getattr(row, name))) for name in names))
    if out.is_terminal:
        out.print(table)
    else:
        Console(width=WIDE, highlight=False).print(table)


def coloured(text: str, key: str | None = None) -> str:
    """`text` as markup in the colour of its meaning."""
    colour = _COLOURS.get(key or text)
    return f"[{colour}]{escape(text)}[/]" if colour else escape(text)


def _is_used(name: str, rows: Iterable[Any]) -> bool:
    return any(cell(getattr(row, name)) for row in rows)


def _brief(name: str, value: Any) -> Any:
    """Cut a time to the second."""
    return f"{value[:_SECONDS]}Z" if name.endswith("_at") and value else value


def _cell(value: Any) -> str:
    return coloured(value) if isinstance(value, str) else escape(cell(value))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, set | frozenset | tuple) else str(value)
