"""`orchestrate …` in a process of its own, as a person or cron runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.until import until

_DEADLINE_S = 300
_MARK = "ORCHESTRATE_E2E_RUN"
_DEPRECATED = "[DEPRECATION WARNING]"
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended."""

    command: str
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        return f"$ {self.command}\n{self.err}{self.out}(exit code {self.code})"

    def has_line(self, *parts: str) -> bool:
        """Is there a line, on either stream, that holds all of these?"""
        return any(
            all(part in line for part in parts) for line in (self.out + self.err).splitlines()
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where commands are run, and where what they say and their state are kept."""

    here: Path
    kept: Path


class Running:
    """A command at work. What it says goes into files, so that it can be read while it runs."""

    def __init__(self, words: Sequence[str], environment: dict[str, str], place: Place) -> None:
        self.command = " ".join(words)
        self._mark = f"{os.getpid()}-{next(_NUMBERS)}"
        self._out, self._err = (place.kept / f"{self._mark}.{name}" for name in ("out", "err"))
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *words],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env={**environment, _MARK: self._mark},
                cwd=place.here,
            )

    def until_it_says(self, text: str, *, times: int = 1, within_s: float = 60) -> None:
        def is_said() -> bool:
            assert self.process.poll() is None, f"it ended before it said {text!r}: {self._read()}"
            return self._read().count(text) >= times

        until(is_said, f"{self.command} says {text!r}", within_s=within_s, poll_s=0.02)

    def ended(self) -> Ran:
        code = self.process.wait(_DEADLINE_S)
        return Ran(self.command, code, self._out.read_text(), self._err.read_text())

    def kill(self) -> None:
        """As the kernel does it when memory runs out: nothing is cleaned up."""
        self.process.kill()
        self.process.wait()

    def processes(self) -> list[str]:
        """The command lines of what it started and what is still there, but for ssh's shared masters."""
        found = []
        for directory in Path("/proc").glob("[0-9]*"):
            try:
                environment = (directory / "environ").read_bytes()
                line = (directory / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if f"{_MARK}={self._mark}".encode() in environment.split(b"\0") and "[mux]" not in line:
                found.append(line)
        return found

    def _read(self) -> str:
        return self._err.read_text() + self._out.read_text()


@dataclass(frozen=True, slots=True)
class Orchestrate:
    """The command with an inventory."""

    inventory: Path
    place: Place
    _started: list[Running] = field(default_factory=list)

    def start(self, *words: str) -> Running:
        return self._start("orchestrate", *words)

    def __call__(self, *words: str, code: int | None = 0) -> Ran:
        """Run it to its end, which is with exit code `code` (None: whichever)."""
        ran = self.start(*words).ended()
        assert code is None or ran.code == code, f"expected exit code {code}:\n{ran.said}"
        assert "Traceback" not in ran.err + ran.out, ran.said
        assert _DEPRECATED not in ran.err + ran.out, ran.said
        return ran

    def playbook(self, *words: str) -> Ran:
        """Plain `ansible-playbook`, with nothing of ours but the collection's path."""
        return self._start("ansible", "playbook", "-i", str(self.inventory), *words).ended()

    def deprecations(self) -> list[str]:
        """List what Ansible has warned of in those runs that are kept."""
        outputs = self.place.kept.glob("orchestrate/runs/*/artifacts/run/stdout")
        lines = (line for output in outputs for line in output.read_text("utf-8").splitlines())
        return [line for line in lines if _DEPRECATED in line]

    def kill_what_still_runs(self) -> None:
        """A test that failed must not hold the lock against the next one."""
        for running in self._started:
            running.kill()
        self._started.clear()

    def _start(self, *words: str) -> Running:
        running = Running(words, self.environment(), self.place)
        self._started.append(running)
        return running

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "ORCHESTRATE_INVENTORY": str(self.inventory),
            "ANSIBLE_DEPRECATION_WARNINGS": "true",
            "ANSIBLE_COLLECTIONS_PATH": str(Path(__file__).parents[2] / "collections"),
            "XDG_STATE_HOME": str(self.place.kept),
        }
