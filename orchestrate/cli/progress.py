"""Says what goes on while a plan is carried out: the step and its time, on standard error."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from orchestrate.cli.screen import err
from orchestrate.model.plan import Plan
from orchestrate.views.explain import explain


class Progress:
    """Show progress: a line that moves on a terminal, else one line for each step, for the log of cron."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    @contextmanager
    def watching(self, what: str) -> Iterator[None]:
        """Let ^C and SIGTERM end the run between two actions, not in one, until the block ends."""
        before = {
            number: signal.signal(number, lambda *_: self.stopped.set())
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            with self._moving(what):
                yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def planned(self, plan: Plan) -> None:
        for line in explain(plan):
            self._console_print(line)

    def noted(self, text: str) -> None:
        self._console_print(f"== {text}")

    def warned(self, text: str) -> None:
        self._console_print(f"warning: {text}", style="yellow")

    def heard(self, event: Mapping[str, Any]) -> None:
        """A step began: ansible-runner's event of a play."""
        if event.get("event") == "playbook_on_play_start":
            self._step(str(event.get("event_data", {}).get("name", "")))

    @contextmanager
    def _moving(self, what: str) -> Iterator[None]:
        if not err.is_terminal:
            yield
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Bar(*columns, console=err, transient=True) as self._bar:
            self._task = self._bar.add_task(what)
            yield
        self._bar = None

    def _step(self, name: str) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=name)
        else:
            err.print(f"-> {name}", markup=False)

    def _console_print(self, line: str, style: str = "") -> None:
        console = self._bar.console if self._bar is not None else err
        console.print(line, markup=False, style=style)
