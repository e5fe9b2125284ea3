"""A run that failed -> the projects and nodes that it failed for. The others need not wait for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from orchestrate.model.plan import (
    Action,
    DeregisterReplica,
    NodeAction,
    Plan,
    Provision,
    PullImage,
    RegisterReplica,
    StartReplica,
    StopReplica,
)
from orchestrate.model.report import CycleReport, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Blame:
    """`nodes` are those of which a part, or the proxy, could not be mended."""

    projects: frozenset[str] = frozenset()
    nodes: frozenset[str] = frozenset()

    @property
    def is_known(self) -> bool:
        return bool(self.projects or self.nodes)


def failed_scope(plan: Plan, outcome: Outcome) -> Blame:
    actions = tuple(failed_actions(plan, outcome))
    projects = {name for action in actions for name in _projects(action, plan) if name}
    nodes = {action.node for action in actions if isinstance(action, NodeAction)}
    return Blame(projects=frozenset(projects), nodes=frozenset(nodes))


def failed_actions(plan: Plan, outcome: Outcome) -> Iterator[Action]:
    """The actions that failed; where none is named, all that the node had to do in the step.

    Where any host fails to learn of new ones, these cannot be relied upon.
    """
    actions = {step.title: step.actions for step in plan.steps}
    for failure in outcome.failures:
        if failure.action:
            yield failure.action
            continue
        in_step = actions.get(failure.step, ())
        here = [action for action in in_step if action.node == failure.node]
        coming = [action for action in in_step if isinstance(action, Provision)]
        yield from here or coming


def is_untouched(report: CycleReport, project: str) -> bool:
    """True if the project failed before anything of it was changed. Pulling images changes nothing."""
    rounds = tuple(zip(report.plans, report.outcomes, strict=True))
    begun = (
        step
        for plan, outcome in rounds
        for step in plan.steps
        if step.title in {*outcome.completed, *(failure.step for failure in outcome.failures)}
    )
    touched = {_project(action) for step in begun for action in step.actions}
    has_failed = any(project in failed_scope(plan, outcome).projects for plan, outcome in rounds)
    return has_failed and project not in touched


def withdrawn(report: CycleReport, project: str) -> CycleReport:
    """The report once the new file has been taken back: nothing is left to do for it."""
    unmet = tuple(one for one in report.unmet if one.subject != project)
    return replace(report, unmet=unmet, withdrawn=project)


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
