"""One replica where a million run, a node that is lost, and ten million placements under a referee's eyes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import quantiles

import numpy as np

from orchestrate.scheduler.demand import Demand
from orchestrate.scheduler.place import place_many, place_one
from orchestrate.scheduler.table import Table
from tests.bench.referee import Referee
from tests.bench.shapes import HALF, Shape, cluster, demands, thousands

_ROUNDS = 10


def one_more() -> str:
    """Of each service in turn, ten times."""
    shape = _placed()
    times = [_time_ms(shape.table, demand) for _ in range(_ROUNDS) for demand in shape.wanted]
    hundredths = quantiles(times, n=100)
    return f"{hundredths[49]:8.3f} ms  (median)  {hundredths[98]:.3f} ms (99 of 100)"


def lose_a_node() -> str:
    """Every replica of it that is known to be gone starts elsewhere. The slowest of ten nodes."""
    shape = _placed()
    others = np.ones(len(shape.table.names), dtype=bool)
    slowest, replaced = 0.0, 0
    for row in range(_ROUNDS):
        others[row] = False
        before = {one.service: shape.table.rows_of(one.service) for one in shape.wanted}
        gone = [one for one in shape.wanted for _ in range((before[one.service] == row).sum())]
        started = time.thread_time()
        for demand in gone:
            place_one(shape.table, demand, among=others)
        slowest = max(slowest, time.thread_time() - started)
        replaced = max(replaced, len(gone))
        _assert_still_there(shape.table, before)
    return f"{slowest * 1000:8.1f} ms  (the slowest of {_ROUNDS} nodes, up to {replaced} replicas)"


def watch() -> str:
    """Ten clusters of 10,000 nodes, a million replicas each; some of them do not fit."""
    placed = violations = not_best = 0
    for number in range(_ROUNDS):
        table = cluster(10_000)
        allowed = np.arange(10_000) % 2 == 0
        referee = Referee(table, allowed)
        for demand, count in _mixed(number):
            referee.judge(demand, place_many(table, demand, count), count)
        placed += referee.placed
        violations += referee.violations
        not_best += referee.not_best
    share = 100 * (1 - not_best / placed)
    return f"{placed:,} placed, {violations} violations, {share:.2f} % where a full scan says"


def _mixed(number: int) -> Iterator[tuple[Demand, int]]:
    """About a million: small and large services, half of them on half of the nodes, some kept apart."""
    for order, demand in enumerate(demands(1000, f"{number}-")):
        count = (order * 7919 + number * 104_729) % 2001
        yield (
            replace(
                demand,
                constraints=HALF if order % 2 else (),
                most_per_node=order % 5 == 0,
            ),
            count,
        )


def _placed() -> Shape:
    shape = thousands()
    for _ in shape.decide():
        pass
    return shape


def _time_ms(table: Table, demand: Demand) -> float:
    started = time.thread_time()
    assert place_one(table, demand) is not None
    return (time.thread_time() - started) * 1000


def _assert_still_there(table: Table, before: dict[tuple[str, str], np.ndarray]) -> None:
    for service, rows in before.items():
        assert (table.rows_of(service)[: len(rows)] == rows).all(), "nothing else moves"
