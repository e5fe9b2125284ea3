"""What is done slot by slot -> steps."""

from __future__ import annotations

import pytest

from orchestrate.model.plan import PullImage, Step
from orchestrate.model.scope import Scope
from orchestrate.planner.steps import Unit, numbered, one_step, unit_steps, within


def act(node: str) -> PullImage:
    return PullImage(node=node, image="x", reason="")


def unit(label: str, *phases: str) -> Unit:
    """One action for each letter of a phase, on the node of that letter."""
    return Unit(label=label, phases=tuple(tuple(act(node) for node in phase) for phase in phases))


def nodes(step: Step) -> str:
    return "".join(action.node for action in step.actions)


def test_phases_are_merged_side_by_side() -> None:
    found = list(unit_steps("Start", [unit("one", "a"), unit("two", "bc", "d")]))

    assert [(step.title, nodes(step)) for step in found] == [
        ("Start one, two", "abc"),
        ("Start one, two", "d"),
    ]


def test_many_are_counted_instead_of_named() -> None:
    (found,) = unit_steps("Stop", [unit(str(number), "a") for number in range(4)])

    assert found.title == "Stop 4 replicas"


def test_nothing_to_do_is_no_step() -> None:
    assert one_step("Pull", []) == ()
    assert list(unit_steps("Stop", [])) == []


def test_other_steps_are_cut_to_the_limit() -> None:
    planned = [*one_step("Pull", [act("a"), act("b")]), *one_step("Pull", [act("b")])]

    assert [nodes(step) for step in within(Scope(limit=frozenset("a")), planned)] == ["a"]
    assert [nodes(step) for step in within(Scope(), planned)] == ["ab", "b"]


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        pytest.param(["a", "b"], ["a", "b"], id="once"),
        pytest.param(["a", "b", "a"], ["a (1 of 2)", "b", "a (2 of 2)"], id="twice"),
    ],
)
def test_titles_that_repeat_are_counted(titles: list[str], expected: list[str]) -> None:
    planned = [Step(title=title, actions=()) for title in titles]

    assert [step.title for step in numbered(planned)] == expected
