"""A program in a terminal, as a person has it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.until import until

_POLL_S = 0.1


@dataclass(slots=True)
class Terminal:
    process: subprocess.Popen[bytes]
    ours: int
    theirs: int
    mode_before: list[object]
    shown: bytes = b""

    def type(self, text: str) -> None:
        os.write(self.ours, text.encode())

    def resize(self, lines: int, columns: int) -> None:
        termios.tcsetwinsize(self.ours, (lines, columns))

    def until_it_shows(self, text: str) -> None:
        """Wait for new output; all that came before is forgotten then."""
        until(lambda: text.encode() in self._read(), f"the terminal shows {text!r}", within_s=60)
        self.shown = b""

    def mode(self) -> list[object]:
        return termios.tcgetattr(self.theirs)

    def ended(self) -> int:
        return self.process.wait(60)

    def _read(self) -> bytes:
        if select.select([self.ours], [], [], _POLL_S)[0]:
            with suppress(OSError):
                self.shown += os.read(self.ours, 65536)
        return self.shown


@contextmanager
def terminal(
    words: Sequence[str], environment: Mapping[str, str] | None = None, *, size: tuple[int, int]
) -> Iterator[Terminal]:
    """Run it there, and end it at the end."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, size)
    before = termios.tcgetattr(theirs)
    process = subprocess.Popen(
        ["setsid", "--ctty", *words], env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    try:
        yield Terminal(process, ours, theirs, before)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)
