"""One node after the other, and no further than all is well."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from orchestrate.commands.maintain import Maintenance, NodeOperations, Timeout, maintained
from orchestrate.model.plan import Plan, Unmet
from orchestrate.model.report import CycleReport, Failure, Outcome

FINE = CycleReport()
FAILED = CycleReport(
    plans=(Plan(),),
    outcomes=(Outcome(failures=(Failure(node="n9", task="Start", message="no"),)),),
)
STOPPED = CycleReport(outcomes=(Outcome(cancelled=True),))
WAITS = CycleReport(unmet=(Unmet(subject="a/web.1", reason="fits nowhere"),))


HELD = CycleReport(undrained=("n1",))
KEPT = Unmet(subject="a/db.1 on n1", reason="nowhere to go", holds_up="n1")


@dataclass
class FakeSite:
    """What answers other than `FINE`: by "what node", each at its turn."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def answer(self, what: str, otherwise: Any) -> Any:
        self.said.append(what)
        left = self.answers.get(what, [])
        return left.pop(0) if left else otherwise

    @property
    def doors(self) -> NodeOperations:
        return NodeOperations(
            needed=lambda name: self.answer(f"ask {name}", ""),
            converge=lambda: self.answer("converge", FINE),
            drain=lambda name: self.answer(f"drain {name}", FINE),
            clear=lambda name: self.answer(f"clear {name}", FINE),
            work=lambda name: self.answer(f"work {name}", ()),
            problems=lambda name: self.answer(f"look {name}", ""),
            release=lambda name: self.answer(f"release {name}", FINE),
            report=self.told.append,
        )


class StandingClock:
    def now(self) -> float:
        return 0


def run(site: FakeSite, names: Sequence[str] = ("n1", "n2"), **patience: Any) -> Maintenance:
    known: dict[str, Any] = {"clock": StandingClock(), "stopped": threading.Event(), "within_s": 0}
    return maintained(names, site.doors, Timeout(**known | patience))


def test_node_after_node() -> None:
    site = FakeSite()

    assert run(site) == Maintenance(done=("n1", "n2"))
    assert site.said == [
        "converge",
        *("ask n1", "drain n1", "work n1", "look n1", "release n1"),
        *("ask n2", "drain n2", "work n2", "look n2", "release n2"),
    ]


def test_what_cannot_move_is_stopped() -> None:
    """What holds up another node is no reason against it."""
    elsewhere = replace(KEPT, holds_up="n2")
    site = FakeSite({"drain n1": [replace(HELD, unmet=(elsewhere,))]})

    assert run(site, ["n1"]).done == ("n1",)
    assert site.said[2:5] == ["drain n1", "clear n1", "work n1"]


def test_what_was_so_before_is_no_reason_to_end() -> None:
    waiting: dict[str, list[Any]] = {"converge": [WAITS], "release n1": [WAITS]}

    assert run(FakeSite(waiting)).done == ("n1", "n2")


@pytest.mark.parametrize(
    ("answers", "ended", "exit_code"),
    [
        pytest.param({"converge": [FAILED]}, "before the first node: Failed", 1, id="before"),
        pytest.param(
            {"ask n1": ["Consul cannot do without it: n3 is not alive"]},
            "n1 was not begun: Consul cannot do without it: n3 is not alive",
            3,
            id="a-dead-server",
        ),
        pytest.param({"drain n1": [STOPPED]}, "n1 is being drained: Stopped", 130, id="stopped"),
        pytest.param(
            {"drain n1": [HELD], "clear n1": [HELD]},
            "n1 could not be emptied: Nothing to do",
            3,
            id="not-empty",
        ),
        pytest.param(
            {"drain n1": [replace(HELD, unmet=(KEPT,))]},
            "n1 stays drained (`orchestrate uncordon n1` ends that): a/db.1 on n1: nowhere to go",
            3,
            id="its-budget",
        ),
        pytest.param(
            {"work n1": [[Failure(node="n1", task="Install", message="no space")]]},
            'n1 stays drained (`orchestrate uncordon n1` ends that): "Install" failed: no space',
            1,
            id="the-work-fails",
        ),
        pytest.param(
            {"look n1": ["engine stopped"]},
            "n1 stays drained (`orchestrate uncordon n1` ends that): engine stopped",
            3,
            id="does-not-come-back",
        ),
        pytest.param({"release n1": [FAILED]}, "n1 is used again: Failed", 1, id="cycle-fails"),
        pytest.param(
            {"release n1": [WAITS]},
            "n1 is used again, but: Nothing done, but a/web.1: fits nowhere.",
            3,
            id="something-is-worse",
        ),
    ],
)
def test_what_ends_it(answers: dict[str, list[Any]], ended: str, exit_code: int) -> None:
    found = run(FakeSite(answers), ["n1", "n2", "n3"])

    assert found.ended.startswith(ended)
    assert (found.done, found.exit_code) == ((), exit_code)
    assert found.left == (
        ("n1", "n2", "n3") if {"converge", "ask n1"} & answers.keys() else ("n2", "n3")
    )


def test_a_server_waits_until_the_one_before_has_its_vote() -> None:
    """Why it waits is told once, however long that takes."""
    why = "Consul cannot do without it: n1 has no vote yet"
    site = FakeSite({"ask n2": [why, why, ""]})

    assert run(site, within_s=9, stopped=NoWait()).done == ("n1", "n2")
    assert site.said.count("ask n2") == 3
    assert [one for one in site.told if "not yet" in one] == [f"n2: not yet: {why}"]


class NoWait(threading.Event):
    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002
        return False


def test_who_stops_does_not_wait_for_the_node() -> None:
    stopped = threading.Event()
    stopped.set()

    found = run(FakeSite({"look n1": ["silent"]}), stopped=stopped, within_s=60)

    assert found.ended.endswith("stopped while waiting for it")
    assert (found.left, found.exit_code) == (("n2",), 130)
