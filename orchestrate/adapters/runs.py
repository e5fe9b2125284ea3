"""The artifacts of the last runs: who, when, which plan, what came back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestrate.adapters.private_file import state_directory
from orchestrate.ports.clock import Clock

_KEPT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """A directory for each run, named by its moment, readable by its owner only."""

    root: Path
    clock: Clock

    @contextmanager
    def new(self, kind: str) -> Iterator[Path]:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        moment = datetime.fromtimestamp(self.clock.now(), UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        directory = self.root / f"{moment}-{kind}"
        directory.mkdir(mode=0o700)
        yield directory
        self._forget_old()

    def _forget_old(self) -> None:
        for old in sorted(self.root.iterdir())[:-_KEPT]:
            shutil.rmtree(old, ignore_errors=True)


def default_root() -> Path:
    return state_directory() / "runs"
