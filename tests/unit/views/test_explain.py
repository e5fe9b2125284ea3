"""Plan -> the lines that a person reads. Whole plans stand in tests/cases/plan."""

from __future__ import annotations

import pytest

from orchestrate.model.network import Policy
from orchestrate.model.plan import (
    Action,
    DeregisterReplica,
    Difference,
    Plan,
    PullImage,
    RegisterReplica,
    RemoveVolume,
    Repair,
    SetPolicy,
    StartReplica,
    Step,
    StopReplica,
    Unmet,
)
from orchestrate.views.explain import explain, summary
from tests.builders import configure_proxy, replica

WEB = replica()
START = StartReplica(
    node="n1",
    replica=WEB,
    reason="why",
    differences=(Difference(field="memory", before="1", after="2"),),
)
UNMET = Unmet(subject="n2", reason="does not answer")


@pytest.mark.parametrize(
    ("action", "line"),
    [
        (Repair(node="n1", role="engine", reason="why"), "~ n1: repair engine (why)"),
        (PullImage(node="n1", image="web:1", reason="why"), "+ n1: pull web:1 (why)"),
        (START, "+ n1: start counter/web.1 (why)"),
        (
            StopReplica(node="n1", name="x", label="counter/web.1", reason="why"),
            "- n1: stop counter/web.1 (why)",
        ),
        (
            RegisterReplica(node="n1", replica=WEB, reason="why"),
            "~ n1: register counter/web.1 (why)",
        ),
        (
            DeregisterReplica(node="n1", id="x", label="counter/web.1", reason="why"),
            "- n1: deregister counter/web.1 (why)",
        ),
        (RemoveVolume(node="n1", name="v", reason="why"), "- n1: remove volume v (why)"),
        (
            SetPolicy(node="n1", reason="why", policy=Policy()),
            "~ n1: update network policy (why)",
        ),
        (
            configure_proxy(reason="why"),
            "~ n1: configure proxy (why)",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_action_is_a_line(action: Action, line: str) -> None:
    lines = list(explain(Plan(steps=(Step(title="Do", actions=(action,)),))))

    assert lines[:2] == ["1. Do", f"   {line}"]


def test_differences_and_what_is_unmet_follow() -> None:
    plan = Plan(steps=(Step(title="Do", actions=(START,)),), unmet=(UNMET,))

    assert list(explain(plan))[2:] == ["       memory: 1 -> 2", "! n2: does not answer"]


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        pytest.param(Plan(), "Nothing to do: the cluster is as the file says.", id="nothing"),
        pytest.param(
            Plan(steps=(Step(title="Do", actions=(START,)),)), "1 action in 1 step.", id="one"
        ),
        pytest.param(
            Plan(steps=(Step(title="Do", actions=(START,)),) * 2, unmet=(UNMET,)),
            "2 actions in 2 steps. 1 not met.",
            id="more",
        ),
        pytest.param(Plan(unmet=(UNMET,)), "Nothing to do now. 1 not met.", id="unmet"),
    ],
)
def test_a_plan_in_a_sentence(plan: Plan, sentence: str) -> None:
    assert summary(plan) == sentence
