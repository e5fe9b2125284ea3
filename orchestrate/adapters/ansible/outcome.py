"""Read what became of a plan from the run of its playbook.

The name of a play is the title of its step. Only the plays of an imported playbook have names of their
own, and a plan imports one at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from orchestrate.adapters.ansible.run import Run, TaskFailure
from orchestrate.model.node_pool import AddNodes, RemoveNode
from orchestrate.model.plan import Action, Plan, Provision, Step
from orchestrate.model.report import Failure, Outcome
from orchestrate.render.nodes import REACH_PLAY
from orchestrate.render.replicas import replica_actions


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRun:
    """The run of a playbook of the team's own, for an action of a step."""

    step: Step
    action: AddNodes | RemoveNode
    run: Run


def outcome_of(plan: Plan, run: Run) -> Outcome:
    """A step is completed when a later one has begun, or when the whole run ended well."""
    current = step_of(plan, run.play)
    titles = [step.title for step in plan.steps]
    is_through = run.status == "successful" and not run.failures
    reached = len(titles) if is_through else plan.steps.index(current) if current else 0
    return Outcome(
        completed=tuple(titles[:reached]),
        failures=_sorted(chain.from_iterable(_failures(plan, one) for one in run.failures)),
        cancelled=run.was_cancelled,
        changed=run.changed,
    )


def step_of(plan: Plan, play: str) -> Step | None:
    """The step that a play belongs to; None for what comes before the first."""
    if play in ("", REACH_PLAY):
        return None
    by_title = {step.title: step for step in plan.steps}
    imports = (step for step in plan.steps if any(map(_is_imported, step.actions)))
    return by_title.get(play) or next(imports, None)


def as_failure(
    failure: TaskFailure, step: Step | None = None, action: Action | None = None
) -> Failure:
    return Failure(
        node=failure.node,
        task=failure.task,
        message=failure.message,
        step=step.title if step else "",
        action=action,
        is_unreachable=failure.is_unreachable,
    )


def _failures(plan: Plan, failure: TaskFailure) -> Iterator[Failure]:
    """Yield a failure for each action that failed, where the module names it."""
    step = step_of(plan, failure.play)
    asked = replica_actions(step).get(failure.node, ()) if step else ()
    failed = [result for result in failure.actions if result.failed and result.index < len(asked)]
    for result in failed:
        yield replace(as_failure(failure, step, asked[result.index]), message=result.detail)
    if not failed:
        yield as_failure(failure, step)


def outcome_of_team(runs: Sequence[TeamRun]) -> Outcome:
    """A step is completed when all playbooks of it ended well."""
    failed = {one.step.title for one in runs if one.run.failures or one.run.was_cancelled}
    return Outcome(
        completed=tuple(
            dict.fromkeys(one.step.title for one in runs if one.step.title not in failed)
        ),
        failures=_sorted(
            as_failure(failure, one.step, one.action)
            for one in runs
            for failure in one.run.failures
        ),
        cancelled=any(one.run.was_cancelled for one in runs),
        changed=any(one.run.changed for one in runs),
    )


def _is_imported(action: Action) -> bool:
    return isinstance(action, Provision | AddNodes | RemoveNode)


def _sorted(failures: Iterable[Failure]) -> tuple[Failure, ...]:
    return tuple(sorted(failures, key=lambda failure: (failure.node, failure.task)))
