"""Says what goes on while a lab is made: each step, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from orchestrate.cli.screen import err

_WORTH_TELLING_S = 1


class Steps:
    """Show steps: a line that moves on a terminal and stays with its time, else a plain line."""

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        started = time.monotonic()
        if err.is_terminal:
            with _moving(text):
                yield
        else:
            err.print(f"-> {text}", markup=False)
            yield
        took_s = time.monotonic() - started
        if err.is_terminal and took_s >= _WORTH_TELLING_S:
            err.print(f"[green]✓[/] {text} [dim]{took_s:.0f} s[/]")


@contextmanager
def _moving(text: str) -> Iterator[None]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        bar.add_task(text)
        yield
