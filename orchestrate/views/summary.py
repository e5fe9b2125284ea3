"""A cycle's end, in the one sentence that a person reads at night."""

from __future__ import annotations

from orchestrate.model.report import CycleReport
from orchestrate.model.wording import counted


def summary_sentence(report: CycleReport) -> str:
    if report.was_stopped:
        return "Stopped before the end; run it again to go on from there."
    done = sum(len(plan.actions) for plan in report.plans)
    if report.failures:
        return _failed(report)
    left = _left(report)
    if left:
        return f"{_did(done)}, but {left}."
    return f"{_did(done)}; {_stands(report)}." if done else f"Nothing to do: {_stands(report)}."


def _stands(report: CycleReport) -> str:
    verb = "is" if report.replicas == 1 else "are"
    found = counted(report.replicas, "container")
    return f"{found} on {counted(report.nodes, 'node')} {verb} as desired"


def _failed(report: CycleReport) -> str:
    first = report.failures[0]
    others = {failure.node for failure in report.failures} - {first.node}
    more = f" and {len(others)} more" if others else ""
    stands = "what was done before it stands"
    if report.withdrawn:
        stands = f"nothing of {report.withdrawn} was changed, and its file is not deployed"
    return f'Failed at "{first.step or "the run"}" on {first.node}{more}; {stands}.'


def _left(report: CycleReport) -> str:
    if report.undone:
        count = sum(len(step.actions) for step in report.undone)
        return (
            f"{counted(count, 'action')} did not help and {'remains' if count == 1 else 'remain'}"
        )
    if not report.unmet:
        return ""
    first = report.unmet[0]
    more = f" (and {len(report.unmet) - 1} more)" if len(report.unmet) > 1 else ""
    return f"{first.subject}: {first.reason}{more}"


def _did(done: int) -> str:
    return f"{counted(done, 'action')} done" if done else "Nothing done"
