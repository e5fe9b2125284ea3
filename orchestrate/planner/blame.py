"""A run that failed -> the projects that it failed for. The others need not wait for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from orchestrate.model.plan import (
    Action,
    DeregisterReplica,
    Plan,
    PullImage,
    RegisterReplica,
    StartReplica,
    Step,
    StopReplica,
)
from orchestrate.model.report import CycleReport, Failure, Outcome


def blamed(plan: Plan, outcome: Outcome) -> frozenset[str]:
    """Empty where what failed belongs to no project alone: a part of a node, or a proxy."""
    step = failed_step(plan, outcome)
    if step is None:
        return frozenset()
    found: set[str] = set()
    for failure in outcome.failures:
        here = [action for action in step.actions if action.node == failure.node]
        for action in [one for one in here if _is_named(one, failure)] or here:
            found |= set(_projects(action, plan)) or {""}
    return frozenset() if "" in found else frozenset(found)


def failed_step(plan: Plan, outcome: Outcome) -> Step | None:
    """The step that ended the run: those before it are done, those after it were not begun."""
    if not outcome.failures:
        return None
    return next((step for step in plan.steps if step.title not in outcome.completed), None)


def is_untouched(report: CycleReport, project: str) -> bool:
    """Did it fail before anything of this project was changed? Fetching images changes nothing."""
    begun = (
        step
        for plan, outcome in zip(report.plans, report.outcomes, strict=True)
        for step in plan.steps
        if step.title in outcome.completed or step is failed_step(plan, outcome)
    )
    touched = {_project(action) for step in begun for action in step.actions}
    return bool(report.failures) and project not in touched


def withdrawn(report: CycleReport, project: str) -> CycleReport:
    """The report once the new file has been taken back: nothing is left to do for it."""
    unmet = tuple(one for one in report.unmet if one.subject != project)
    return replace(report, unmet=unmet, withdrawn=project)


def _is_named(action: Action, failure: Failure) -> bool:
    match action:
        case StartReplica() | RegisterReplica():
            return action.replica.name in failure.message
        case StopReplica():
            return action.name in failure.message
        case PullImage():
            return action.image in failure.message
        case _:
            return False


def _projects(action: Action, plan: Plan) -> Iterator[str]:
    """An image is pulled for whoever starts with it there."""
    if not isinstance(action, PullImage):
        yield _project(action)
        return
    for start in plan.starts:
        if (start.node, start.replica.service.image) == (action.node, action.image):
            yield start.replica.project


def _project(action: Action) -> str:
    match action:
        case StartReplica() | RegisterReplica():
            return action.replica.project
        case StopReplica() | DeregisterReplica():
            return action.label.partition("/")[0]
        case _:
            return ""
