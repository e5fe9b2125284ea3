"""A plan is shown, and ends, alike whichever command asks for it."""

from __future__ import annotations

import json

import pytest

from orchestrate.cli.cycle import rebalance
from orchestrate.cli.plan import show_plan
from orchestrate.model.plan import Plan, PullImage, Step, Unmet

PENDING = Unmet(subject="shop/web.1", reason="fits nowhere")
PULL = Step(title="Pull images", actions=(PullImage(node="n1", image="web:1", reason="not there"),))


def code_of(plan: Plan, output: str = "table") -> int:
    with rebalance.make_context("rebalance", ["--check", "-i", "n1,"]) as context:
        return show_plan(context.params, output, lambda _: (plan, ""))


@pytest.mark.parametrize("output", ["table", "json"])
@pytest.mark.parametrize(
    ("plan", "code"),
    [
        pytest.param(Plan(), 0, id="nothing"),
        pytest.param(Plan(steps=(PULL,)), 2, id="steps"),
        pytest.param(Plan(unmet=(PENDING,)), 3, id="nothing-but-unmet"),
        pytest.param(Plan(steps=(PULL,), unmet=(PENDING,)), 2, id="both"),
    ],
)
def test_the_exit_code_tells_what_there_is_to_do(plan: Plan, code: int, output: str) -> None:
    assert code_of(plan, output) == code


def test_what_is_unmet_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    code_of(Plan(unmet=(PENDING,)))

    assert "! shop/web.1: fits nowhere" in capsys.readouterr().out


def test_json_has_steps_and_what_is_unmet(capsys: pytest.CaptureFixture[str]) -> None:
    code_of(Plan(steps=(PULL,), unmet=(PENDING,)), "json")

    said = json.loads(capsys.readouterr().out)
    assert said["changed"] is True
    assert [step["title"] for step in said["steps"]] == ["Pull images"]
    assert [unmet["subject"] for unmet in said["unmet"]] == ["shop/web.1"]
