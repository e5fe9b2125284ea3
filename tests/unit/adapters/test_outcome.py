"""The run of a plan's playbook, event by event -> what became of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from orchestrate.adapters.ansible.outcome import outcome_of
from orchestrate.adapters.ansible.run import Run
from orchestrate.model.plan import Plan, Provision, PullImage, Repair, Retire, Step
from orchestrate.render.nodes import REACH_PLAY

IMAGES = ("web:1", "db:1", "web:10")
PULLS = tuple(PullImage(node="n1", image=image, reason="") for image in IMAGES)
PULL = Step(title="Pull", actions=(PullImage(node="n2", image="web:1", reason=""), *PULLS))
RETIRE = Step(
    title="Retire n2",
    actions=(
        Retire(node="n2", role="proxy", reason=""),
        Retire(node="n2", role="consul", reason=""),
    ),
)
MEND = Step(title="Mend", actions=(Repair(node="n1", role="network", reason=""),))
PLAN = Plan(steps=(PULL, RETIRE, MEND))


PROVISION = Step(title="Provision n3", actions=(Provision(node="n3", reason="new"),))


def play(title: str) -> dict[str, Any]:
    return {"event": "playbook_on_play_start", "event_data": {"name": title}}


def event(kind: str, node: str, **result: Any) -> dict[str, Any]:
    data = {"host": node, "task": "Do it", "res": result}
    return {"event": f"runner_on_{kind}", "event_data": data}


def run(*events: Mapping[str, Any], status: str = "successful") -> Run:
    found = Run()
    for one in events:
        found.note(one)
    found.end(status, output="PLAY [Pull]\nTASK [Do it]\n", log="/runs/1/stdout")
    return found


OK = event("ok", "n1")
PULLED = (play("Pull"), OK)
RETIRED = (play("Retire n2"), event("ok", "n2"), play("Retire n2"), event("ok", "n2"))


@pytest.mark.parametrize(
    ("events", "status", "completed"),
    [
        pytest.param((), "successful", ("Pull", "Retire n2", "Mend"), id="all-of-it"),
        pytest.param(PULLED, "canceled", (), id="stopped-in-the-first-step"),
        pytest.param((*PULLED, *RETIRED), "canceled", ("Pull",), id="stopped-in-a-later-step"),
        pytest.param((*PULLED, *RETIRED[:2]), "failed", ("Pull",), id="died-between-two-plays"),
        pytest.param((), "failed", (), id="died-before-the-first"),
    ],
)
def test_a_step_is_completed_once_all_of_its_plays_are(
    events: tuple[Mapping[str, Any], ...], status: str, completed: tuple[str, ...]
) -> None:
    assert outcome_of(PLAN, run(*events, status=status)).completed == completed


def test_a_step_whose_second_play_fails_is_not_completed() -> None:
    refused = event("failed", "n2", msg="consul leave: no leader")

    outcome = outcome_of(PLAN, run(*PULLED, *RETIRED[:3], refused, status="failed"))

    assert outcome.completed == ("Pull",)
    assert [(one.node, one.step) for one in outcome.failures] == [("n2", "Retire n2")]


def test_a_run_that_dies_without_naming_a_host_has_failed() -> None:
    outcome = outcome_of(PLAN, run(*PULLED, play("Retire n2"), status="failed"))

    (failure,) = outcome.failures
    assert not outcome.is_ok
    assert (failure.node, failure.step) == ("localhost", "Retire n2")
    assert failure.message == (
        "ansible-playbook ended early and named no host; run it again. Its log is "
        "/runs/1/stdout, which ends:\nPLAY [Pull]\nTASK [Do it]"
    )


def result(index: int, detail: str, *, failed: bool) -> dict[str, Any]:
    return {"index": index, "action": "pull", "failed": failed, "detail": detail}


def test_each_action_that_failed_is_a_failure_of_its_own() -> None:
    results = [
        result(0, "pulled", failed=False),
        result(1, "image db:1: not found", failed=True),
        result(2, "image web:10: not found", failed=True),
    ]
    refused = event("failed", "n1", msg="two images: not found", results=results)

    outcome = outcome_of(PLAN, run(play("Pull"), refused, status="failed"))

    assert [(one.action, one.message) for one in outcome.failures] == [
        (PULLS[1], "image db:1: not found"),
        (PULLS[2], "image web:10: not found"),
    ]


@pytest.mark.parametrize(
    "results",
    [
        pytest.param([], id="none"),
        pytest.param([result(0, "pulled", failed=False)], id="none-that-failed"),
        pytest.param([result(3, "no", failed=True)], id="of-another-list"),
        pytest.param(["no", {"failed": True}], id="of-something-else"),
    ],
)
def test_a_failure_without_the_results_of_actions_names_none(results: list[Any]) -> None:
    refused = event("failed", "n1", msg="no", results=results)

    (failure,) = outcome_of(PLAN, run(play("Pull"), refused, status="failed")).failures

    assert (failure.step, failure.action, failure.message) == ("Pull", None, "no")


def test_a_play_of_an_imported_playbook_belongs_to_the_step_that_imports_it() -> None:
    plan = Plan(steps=(PULL, PROVISION))
    events = (play(REACH_PLAY), *PULLED, play("Sort the hosts into their parts"))

    outcome = outcome_of(plan, run(*events, event("failed", "n3", msg="no apt"), status="failed"))

    assert outcome.completed == ("Pull",)
    assert outcome.failures[0].step == "Provision n3"


def test_what_fails_before_the_first_step_belongs_to_none() -> None:
    failed = event("failed", "localhost", msg="no")
    plan = Plan(steps=(PULL, PROVISION))

    outcome = outcome_of(plan, run(play(REACH_PLAY), failed, status="failed"))

    assert (outcome.completed, outcome.failures[0].step) == ((), "")
