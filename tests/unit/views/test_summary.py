"""A cycle's end, in one sentence, and its exit code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestrate.model.plan import Plan, StartReplica, Step, Unmet
from orchestrate.model.report import CycleReport, Failure, Outcome
from orchestrate.planner.outcomes.attribution import withdrawn
from orchestrate.views.summary import summary_sentence
from tests.builders import replica

START = StartReplica(node="n1", replica=replica(), reason="missing")
FIRST, SECOND = Step(title="Start a", actions=(START,)), Step(title="Start b", actions=(START,) * 2)
PLAN = Plan(steps=(FIRST, SECOND))
DONE = Outcome(completed=("Start a", "Start b"), changed=True)
FAILURE = Failure(node="n1", task="Apply the actions on replicas", message="no", step="Start a")
TWO_NODES = Outcome(failures=(FAILURE, FAILURE, replace(FAILURE, node="n2")))
SILENT = Unmet(subject="n2", reason="does not answer")

CASES = [
    pytest.param(
        CycleReport(replicas=4, nodes=3),
        "Nothing to do: 4 containers on 3 nodes are as desired.",
        0,
        id="nothing",
    ),
    pytest.param(
        CycleReport(replicas=1, nodes=1),
        "Nothing to do: 1 container on 1 node is as desired.",
        0,
        id="one",
    ),
    pytest.param(
        CycleReport(plans=(PLAN,), outcomes=(DONE,), replicas=4, nodes=3),
        "3 actions done; 4 containers on 3 nodes are as desired.",
        0,
        id="done",
    ),
    pytest.param(
        CycleReport(unmet=(SILENT,)), "Nothing done, but n2: does not answer.", 3, id="unmet"
    ),
    pytest.param(
        CycleReport(plans=(Plan(steps=(FIRST,)),), outcomes=(DONE,), unmet=(SILENT, SILENT)),
        "1 action done, but n2: does not answer (and 1 more).",
        3,
        id="some-done-some-unmet",
    ),
    pytest.param(
        CycleReport(plans=(PLAN,), outcomes=(DONE,), undone=(FIRST,)),
        "3 actions done, but 1 action did not help and remains.",
        3,
        id="did-not-help",
    ),
    pytest.param(
        CycleReport(
            plans=(PLAN,),
            outcomes=(
                Outcome(completed=("Start a",), failures=(replace(FAILURE, step="Start b"),)),
            ),
            unmet=(SILENT,),
        ),
        'Failed at "Start b" on n1; what was done before it stands.',
        1,
        id="failed",
    ),
    pytest.param(
        CycleReport(plans=(PLAN, PLAN), outcomes=(DONE, TWO_NODES)),
        'Failed at "Start a" on n1 and 1 more; what was done before it stands.',
        1,
        id="failed-in-the-second-round",
    ),
    pytest.param(
        CycleReport(
            plans=(PLAN,),
            outcomes=(Outcome(failures=(replace(FAILURE, step=""),)),),
        ),
        'Failed at "the run" on n1; what was done before it stands.',
        1,
        id="failed-before-the-first-step",
    ),
    pytest.param(
        withdrawn(
            CycleReport(
                plans=(PLAN,),
                outcomes=(Outcome(failures=(FAILURE,)),),
                unmet=(Unmet(subject="shop", reason="failed"),),
            ),
            "shop",
        ),
        'Failed at "Start a" on n1; nothing of shop was changed, and its file is not deployed.',
        1,
        id="withdrawn",
    ),
    pytest.param(
        CycleReport(plans=(PLAN,), outcomes=(Outcome(cancelled=True),)),
        "Stopped before the end; run it again to go on from there.",
        130,
        id="stopped",
    ),
]


@pytest.mark.parametrize(("report", "said", "exit_code"), CASES)
def test_a_cycle_ends(report: CycleReport, said: str, exit_code: int) -> None:
    assert summary_sentence(report) == said
    assert report.exit_code == exit_code


def test_a_report_knows_whether_anything_changed() -> None:
    assert CycleReport(outcomes=(Outcome(), DONE)).changed
    assert not CycleReport(outcomes=(Outcome(),)).changed
