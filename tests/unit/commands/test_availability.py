"""Waiting for a node to be empty."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from orchestrate.commands.availability import until_empty
from orchestrate.errors import StoppedError
from orchestrate.model.journal import Journal, NodeRecord
from orchestrate.model.report import CycleReport, Outcome

FULL, EMPTY = CycleReport(undrained=("n1",)), CycleReport()
STOPPED = CycleReport(outcomes=(Outcome(cancelled=True),), undrained=("n1",))


@dataclass
class Cycles:
    """What they report, one after the other; each takes a hundredth of a second."""

    reports: Sequence[CycleReport]
    at: float = 0
    done: list[CycleReport] = field(default_factory=list)

    def now(self) -> float:
        return self.at

    def __call__(self) -> CycleReport:
        self.at += 0.01
        self.done.append(self.reports[len(self.done)])
        return self.done[-1]


@pytest.mark.parametrize(
    ("reports", "done"),
    [
        pytest.param([EMPTY], 1, id="empty-at-once"),
        pytest.param([FULL, EMPTY], 2, id="later"),
        pytest.param([FULL, FULL, FULL, FULL], 3, id="never-and-so-once-more-at-the-end"),
        pytest.param([STOPPED], 1, id="stopped"),
    ],
)
def test_cycles_until_it_is_empty_or_time_is_over(reports: list[CycleReport], done: int) -> None:
    cycles = Cycles(reports)

    until_empty(cycles, 0.02, cycles, threading.Event())

    assert cycles.done == reports[:done]


def test_without_time_there_is_one_cycle() -> None:
    cycles = Cycles([FULL])

    assert until_empty(cycles, 0, cycles, threading.Event()) == FULL


def test_who_stops_is_told_what_goes_on() -> None:
    cycles, stopped = Cycles([FULL]), threading.Event()
    stopped.set()

    with pytest.raises(StoppedError, match="goes on to drain n1: `orchestrate uncordon`"):
        until_empty(cycles, 60, cycles, stopped)


def test_a_mark_leaves_what_else_is_known() -> None:
    known = NodeRecord(unknown_since=7, given_up=("data",), given_up_at=5, index=3)
    journal = Journal(nodes={"n1": known, "n2": NodeRecord()})

    marked = journal.marked(["n1", "n3"], "draining", 99)

    assert marked.nodes == {
        "n1": replace(known, availability="draining", drained_by=99),
        "n2": NodeRecord(),
        "n3": NodeRecord(availability="draining", drained_by=99),
    }
