"""`make bench-placement`: how fast, in how much memory and how well replicas are placed. Needs no lab.

The first rows are the scheduler alone, beside schedulers alone; the last ones a whole plan, from what is
desired and seen to the playbook. Every row has a process of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import NamedTuple

import orchestrate.__main__  # noqa: F401 - what is measured looks for garbage as seldom as the command
from tests.bench import shapes
from tests.bench.figures import Figures, duration, rate
from tests.bench.planning import at_all, first, lost, nothing_to_do
from tests.bench.single import beside_the_plain_one, lose_a_node, one_more, watch


class Row(NamedTuple):
    name: str
    measure: Callable[[], Figures]
    goal: str
    reference: str


ROWS = (
    Row(
        "5,000 nodes, 50,000 distinct, one by one",
        partial(rate, shapes.distinct, 20_000, 10_000),
        "20,000/s, 10,000/s",
        "kube-scheduler 810/s, SwarmKit on this machine 474/s",
    ),
    Row(
        "5,000 nodes, half of them, 1,000 x 1,000",
        partial(duration, shapes.halved, 5),
        "5 s",
        "SwarmKit on this machine 5,891/s, Nomad C1M < 300 s",
    ),
    Row(
        "10,000 nodes, 1,000 x 1,000",
        partial(duration, shapes.thousands, 10),
        "10 s, 1 GB",
        "NumPy prototype 2.9 s, SwarmKit 1.15 GB per 100,000",
    ),
    Row(
        "10,000 nodes, 10,000 x 100",
        partial(duration, shapes.hundreds, 10),
        "10 s, 1 GB",
        "NumPy prototype 30.7 s",
    ),
    Row(
        "over zones and racks, 5,000 nodes",
        partial(rate, shapes.over_zones_together, 10_000, 0),
        "10,000/s",
        "kube 460/s",
    ),
    Row(
        "the same, one by one",
        partial(rate, shapes.over_zones, 10_000, 0),
        "10,000/s",
        "kube 460/s",
    ),
    Row(
        "one per node, 5,000 nodes, one by one",
        partial(rate, shapes.apart, 10_000, 0),
        "10,000/s",
        "kube 60/s",
    ),
    Row(
        "by label, 5,000 nodes, one by one",
        partial(rate, shapes.in_a_zone, 10_000, 0),
        "10,000/s",
        "kube 35/s",
    ),
    Row("one more, 10,000 nodes with 1 M", one_more, "p99 1 ms", "Protean: few ms"),
    Row("one of 10,000 nodes lost, with 100", lose_a_node, "50 ms, nothing else moves", "-"),
    Row(
        "10 M placements watched by a referee",
        watch,
        "0 violations, 99.9 % of a full scan's",
        "kube scores 10 % of the nodes, Nomad 2",
    ),
    Row("the plain scheduler, 60 nodes", beside_the_plain_one, "the same nodes", "-"),
    Row("plan: 1,000 nodes, 10,000 first", partial(first, 1000, 5), "5 s", "-"),
    Row("plan: the same, nothing to do", partial(nothing_to_do, 1000, 2), "2 s", "-"),
    Row("plan: the same, a node lost", partial(lost, 1000, 2), "2 s", "-"),
    Row("plan: 10,000 nodes, 100,000", partial(at_all, 10_000, 10), "10 s each, 1 GB", "-"),
)


def main() -> None:
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    print(f"{'':<42}{'decided':>11}  {'written':>11}")
    with ProcessPoolExecutor(max_workers=1, max_tasks_per_child=1) as processes:
        for row in ROWS:
            found = processes.submit(row.measure).result()
            verdict = "reached" if found.is_reached else "MISSED"
            print(f"{row.name:<42}{found.said}")
            print(f"    {verdict}: {row.goal}; reference: {row.reference}", flush=True)


if __name__ == "__main__":
    main()
