"""Two figures of each shape: decided only, and with the plan on the disk; and was it as fast as it has to be?

Decided: the time that one core spends on it, whatever else runs on the machine. Written: by the clock, with
a line for each replica, on the disk (fsync) after every thousand.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

from orchestrate.scheduler.demand import Demand, ServiceKey
from tests.bench.shapes import Shape

GIB_MB = 1024
_FLUSHED = 1000


class Figures(NamedTuple):
    said: str
    is_reached: bool


def rate(make: Callable[[], Shape], decided: float, written: float) -> Figures:
    """How many replicas a second; as many as these are to be reached."""
    decided_s, written_s, number = _measured(make)
    rates = number / decided_s, number / written_s
    said = f"{rates[0]:9,.0f}/s  {rates[1]:9,.0f}/s"
    return Figures(said, is_reached=rates[0] >= decided and rates[1] >= written)


def duration(make: Callable[[], Shape], most_s: float) -> Figures:
    """How long for all of them, and in how much memory."""
    decided_s, written_s, number = _measured(make)
    said = f"{decided_s:9.2f} s  {written_s:9.2f} s  ({number / 1e6:g} M, {peak_mb():.0f} MB)"
    return Figures(said, is_reached=decided_s <= most_s and peak_mb() <= GIB_MB)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Writer:
    """Puts lines on the disk."""

    def __enter__(self) -> Self:
        self._file = tempfile.TemporaryFile(dir=".")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, lines: Sequence[str]) -> None:
        os.write(self._file.fileno(), "".join(lines).encode())
        os.fsync(self._file.fileno())


def line(demand: Demand, slot: int, name: str) -> str:
    project, service = demand.service
    return f"{project}/{service}.{slot} {name}\n"


def _measured(make: Callable[[], Shape]) -> tuple[float, float, int]:
    """Seconds for deciding, seconds with all written, and how many replicas."""
    shape = make()
    started = time.thread_time()
    number = sum(len(names) for _, names in shape.decide())
    decided_s = time.thread_time() - started
    assert number == len(shape.wanted) * shape.count, "there is room for all"
    shape = make()
    started = time.perf_counter()
    _write(shape)
    return decided_s, time.perf_counter() - started, number


def _write(shape: Shape) -> None:
    slots: Counter[ServiceKey] = Counter()
    lines: list[str] = []
    with Writer() as disk:
        for demand, names in shape.decide():
            first = slots[demand.service] + 1
            slots[demand.service] += len(names)
            lines += [line(demand, slot, name) for slot, name in enumerate(names, first)]
            if len(lines) >= _FLUSHED:
                disk.write(lines)
                lines.clear()
        disk.write(lines)
