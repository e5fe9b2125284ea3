"""A run that failed -> the projects that it failed for."""

from __future__ import annotations

import pytest

from orchestrate.model.network import Policy
from orchestrate.model.plan import (
    Action,
    DeregisterReplica,
    Plan,
    Provision,
    PullImage,
    RegisterReplica,
    RemoveVolume,
    Repair,
    SetPolicy,
    StartReplica,
    Step,
    StopReplica,
)
from orchestrate.model.report import CycleReport, Failure, Outcome
from orchestrate.planner.outcomes.attribution import Blame, failed_scope, is_untouched
from tests.builders import configure_proxy, replica

A = replica(of="a", image="a:1")
B = replica(of="b", image="b:1")
START_A = StartReplica(node="n1", replica=A, reason="missing")
START_B = StartReplica(node="n1", replica=B, reason="missing")
PULL_A = PullImage(node="n1", image="a:1", reason="not on the node")
PULL_B = PullImage(node="n1", image="b:1", reason="not on the node")
STOP_A = StopReplica(node="n1", name="a-old", label="a/web.1", reason="surplus")


def step(title: str, *actions: Action) -> Step:
    return Step(title=title, actions=actions)


PLAN = Plan(
    steps=(step("Pull", PULL_A, PULL_B), step("Start", START_A, START_B), step("Stop", STOP_A))
)


def failed(step: str, action: Action | None = None, *completed: str, node: str = "n1") -> Outcome:
    failure = Failure(node=node, task="", message="no", step=step, action=action)
    return Outcome(completed=completed, failures=(failure,))


@pytest.mark.parametrize(
    ("plan", "outcome", "projects"),
    [
        pytest.param(PLAN, Outcome(completed=("Pull",)), set(), id="nothing-failed"),
        pytest.param(PLAN, failed("Pull", PULL_B), {"b"}, id="a-pull"),
        pytest.param(PLAN, failed("Start", START_A), {"a"}, id="a-start"),
        pytest.param(PLAN, failed("Stop", STOP_A), {"a"}, id="a-stop"),
        pytest.param(PLAN, failed("Start"), {"a", "b"}, id="no-action-in-particular"),
        pytest.param(PLAN, failed("Start", node="localhost"), set(), id="no-node-of-the-step"),
        pytest.param(PLAN, failed(""), set(), id="before-the-first-step"),
        pytest.param(
            Plan(steps=(step("Put", RegisterReplica(node="n1", replica=B, reason="")),)),
            failed("Put"),
            {"b"},
            id="a-registration",
        ),
        pytest.param(
            Plan(
                steps=(
                    step(
                        "Forget", DeregisterReplica(node="n1", id="x", label="a/web.7", reason="")
                    ),
                )
            ),
            failed("Forget"),
            {"a"},
            id="a-ghost",
        ),
        pytest.param(
            Plan(steps=(step("Volumes", RemoveVolume(node="n1", name="v", reason="")),)),
            failed("Volumes"),
            set(),
            id="a-volume",
        ),
    ],
)
def test_whose_failure_it_is(plan: Plan, outcome: Outcome, projects: set[str]) -> None:
    assert failed_scope(plan, outcome) == Blame(projects=frozenset(projects))


@pytest.mark.parametrize(
    "actions",
    [
        pytest.param([Repair(node=n, role="network", reason="") for n in ("n1", "n2")], id="part"),
        pytest.param(
            [configure_proxy(node=n) for n in ("n1", "n2")],
            id="proxy",
        ),
        pytest.param(
            [SetPolicy(node=n, reason="", policy=Policy()) for n in ("n1", "n2")], id="policy"
        ),
    ],
)
def test_what_is_a_nodes_own_failure(actions: list[Action]) -> None:
    plan = Plan(steps=(step("Mend", *actions),))

    assert failed_scope(plan, failed("Mend", node="n2")) == Blame(nodes=frozenset({"n2"}))
    assert failed_scope(plan, failed("Mend", node="n2")).is_known
    assert not failed_scope(plan, failed("Mend", node="n9")).is_known


def test_an_image_whose_name_begins_like_anothers_is_not_taken_for_it() -> None:
    first, tenth = replica(of="a", image="web:1"), replica(of="b", image="web:10")
    starts = [StartReplica(node="n1", replica=one, reason="") for one in (first, tenth)]
    pulls = [PullImage(node="n1", image=image, reason="") for image in ("web:1", "web:10")]
    plan = Plan(steps=(step("Pull", *pulls), step("Start", *starts)))

    assert failed_scope(plan, failed("Pull", pulls[1])).projects == {"b"}


@pytest.mark.parametrize(
    ("outcomes", "project", "expected"),
    [
        pytest.param([failed("Pull", PULL_A)], "a", True, id="while-pulling"),
        pytest.param([failed("Pull", PULL_B)], "a", False, id="while-others-pulled"),
        pytest.param([failed("Start", None, "Pull")], "a", False, id="while-starting"),
        pytest.param([failed("Stop", None, "Pull", "Start")], "b", False, id="after-starting"),
        pytest.param([Outcome(completed=("Pull", "Start", "Stop"))], "a", False, id="no-failure"),
    ],
)
def test_whether_a_project_was_changed(
    outcomes: list[Outcome], project: str, expected: bool
) -> None:
    report = CycleReport(plans=(PLAN,), outcomes=tuple(outcomes))

    assert is_untouched(report, project) is expected


def test_what_others_did_later_does_not_count() -> None:
    later = Plan(steps=(step("Start", START_B),))
    outcomes = (failed("Pull", PULL_A), Outcome(completed=("Start",)))
    report = CycleReport(plans=(PLAN, later), outcomes=outcomes)

    assert is_untouched(report, "a")
    assert not is_untouched(report, "b")


@pytest.mark.parametrize(
    ("node", "blamed_for"),
    [
        pytest.param("n4", {"n4"}, id="a-new-one"),
        pytest.param("n1", {"n4", "n5"}, id="one-that-does-not-learn-of-them"),
    ],
)
def test_a_provisioning_that_fails(node: str, blamed_for: set[str]) -> None:
    new = (Provision(node="n4", reason="new"), Provision(node="n5", reason="new"))
    plan = Plan(steps=(step("Provision n4, n5", *new),))

    assert failed_scope(plan, failed("Provision n4, n5", node=node)) == Blame(
        nodes=frozenset(blamed_for)
    )
