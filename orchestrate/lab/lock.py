"""A lock for lab commands: two at once would build the same image, or take the same network."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from orchestrate.lab.paths import cache_directory
from orchestrate.lab.progress import Progress


@contextmanager
def hold_lock(progress: Progress) -> Iterator[None]:
    path = cache_directory() / "lab.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:  # closing it, in whatever way this process ends, lets go
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with progress.step("waiting for another lab command"):
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield
