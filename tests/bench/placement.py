"""`make bench-placement`: how fast, in how much memory and how well replicas are placed. Needs no lab.

Decided: the time that one core spends on it, whatever else runs on the machine. Written: by the clock, with
a line for each replica, on the disk (fsync) after every thousand. Every row has a process of its own.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from orchestrate.scheduler.demand import Service
from tests.bench import shapes
from tests.bench.shapes import Shape
from tests.bench.single import lose_a_node, one_more, watch

_FLUSHED = 1000


class Row(NamedTuple):
    name: str
    measure: Callable[..., str]
    goal: str
    reference: str
    make: Callable[[], Shape] | None = None


def rate(make: Callable[[], Shape]) -> str:
    """How many replicas a second."""
    decided, written, number = _measured(make)
    return f"{number / decided:9,.0f}/s  {number / written:9,.0f}/s"


def duration(make: Callable[[], Shape]) -> str:
    """How long for all of them."""
    decided, written, number = _measured(make)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{decided:9.2f} s  {written:9.2f} s  ({number / 1e6:g} M, {peak:.0f} MB)"


ROWS = (
    Row(
        "5,000 nodes, 50,000 distinct, one by one",
        rate,
        "20,000/s, 10,000/s",
        "kube-scheduler 810/s, SwarmKit 474/s",
        shapes.distinct,
    ),
    Row(
        "5,000 nodes, half of them, 1,000 x 1,000",
        duration,
        "5 s",
        "SwarmKit 5,891/s, Nomad C1M < 300 s",
        shapes.halved,
    ),
    Row("10,000 nodes, 1,000 x 1,000", duration, "10 s, 1 GB", "prototype 2.9 s", shapes.thousands),
    Row("10,000 nodes, 10,000 x 100", duration, "10 s, 1 GB", "prototype 30.7 s", shapes.hundreds),
    Row(
        "over zones and racks, 5,000 nodes",
        rate,
        "10,000/s",
        "kube 460/s",
        shapes.over_zones_together,
    ),
    Row("the same, one by one", rate, "-", "kube 460/s", shapes.over_zones),
    Row("one per node, 5,000 nodes, one by one", rate, "10,000/s", "kube 60/s", shapes.apart),
    Row("by label, 5,000 nodes, one by one", rate, "10,000/s", "kube 35/s", shapes.in_a_zone),
    Row("one more, 10,000 nodes with 1 M", one_more, "p99 1 ms", "Protean: few ms"),
    Row("one of 10,000 nodes lost, with 100", lose_a_node, "50 ms", "-"),
    Row("10 M placements watched by a referee", watch, "0 violations", "kube looks at 10 %"),
)


def main() -> None:
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    print(f"{'':<42}{'decided':>11}  {'written':>11}")
    with ProcessPoolExecutor(max_workers=1, max_tasks_per_child=1) as processes:
        for row in ROWS:
            said = processes.submit(row.measure, *filter(None, [row.make])).result()
            print(f"{row.name:<42}{said}\n    to reach: {row.goal}; {row.reference}", flush=True)


def _measured(make: Callable[[], Shape]) -> tuple[float, float, int]:
    """Seconds for deciding, seconds with all written, and how many replicas."""
    shape = make()
    started = time.thread_time()
    number = sum(len(names) for _, names in shape.decide())
    decided = time.thread_time() - started
    assert number == len(shape.wanted) * shape.count, "there is room for all"
    shape = make()
    started = time.perf_counter()
    _write(shape)
    return decided, time.perf_counter() - started, number


def _write(shape: Shape) -> None:
    slots: Counter[Service] = Counter()
    lines: list[str] = []
    with tempfile.TemporaryFile("w", dir=".", encoding="utf-8") as file:
        for demand, names in shape.decide():
            project, service = demand.service
            first = slots[demand.service] + 1
            slots[demand.service] += len(names)
            lines += [
                f"{project}/{service}.{slot} {name}\n" for slot, name in enumerate(names, first)
            ]
            if len(lines) >= _FLUSHED:
                _flush(file.fileno(), lines)
        _flush(file.fileno(), lines)


def _flush(file: int, lines: list[str]) -> None:
    os.write(file, "".join(lines).encode())
    os.fsync(file)
    lines.clear()


if __name__ == "__main__":
    main()
