"""Plan -> the lines that a person reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from orchestrate.model.node_pool import AddNodes, PoolAction, ReleaseNode, RemoveNode, WakeNode
from orchestrate.model.plan import (
    Action,
    ConfigureProxy,
    DeregisterReplica,
    Difference,
    NodeAction,
    Plan,
    Provision,
    PullImage,
    RegisterReplica,
    RemoveVolume,
    Repair,
    Retire,
    SetPeers,
    SetPolicy,
    StartReplica,
    StopReplica,
)
from orchestrate.model.terminal import printable
from orchestrate.model.wording import counted
from orchestrate.planner.containers.images import abridged


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`sign` is + (comes), - (goes), ~ (is changed in place)."""

    sign: str
    verb: str
    subject: str
    node: str
    reason: str
    differences: tuple[Difference, ...] = ()


def line(action: Action) -> Line:
    match action:
        case PullImage():
            return _line(action, "+", "pull", abridged(action.image))
        case StartReplica():
            found = _line(action, "+", "start", action.replica.label)
            return replace(found, differences=action.differences)
        case StopReplica():
            return _line(action, "-", "stop", action.label)
        case RegisterReplica():
            return _line(action, "~", "register", action.replica.label)
        case DeregisterReplica():
            return _line(action, "-", "deregister", action.label)
        case RemoveVolume():
            return _line(action, "-", "remove volume", action.name)
        case _:
            return _line_of_node(action)


def _line_of_host(action: PoolAction) -> Line:
    match action:
        case WakeNode():
            return _line(action, "+", "wake", "")
        case AddNodes():
            return _line(action, "+", "make", f"by {action.playbook}")
        case ReleaseNode():
            return _line(action, "-", "release", "")
        case RemoveNode():
            return _line(action, "-", "remove", f"by {action.playbook}")
        case _:
            assert_never(action)


def _line_of_node(action: NodeAction) -> Line:
    match action:
        case Provision():
            return _line(action, "+", "provision", "")
        case Repair():
            return _line(action, "~", "repair", action.role)
        case ConfigureProxy():
            return _line(action, "~", "configure", "proxy")
        case SetPolicy():
            return _line(action, "~", "update", "network policy")
        case SetPeers():
            return _line(action, "~", "update", "peers")
        case Retire():
            return _line(action, "-", "retire", action.role)
        case _:
            return _line_of_host(action)


def _line(action: Action, sign: str, verb: str, subject: str) -> Line:
    return Line(sign=sign, verb=verb, subject=subject, node=action.node, reason=action.reason)


def explain(plan: Plan) -> Iterator[str]:
    """Plain text: the steps, their actions with their reasons, and what stays undone."""
    yield from map(printable, _lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    for number, step in enumerate(plan.steps, start=1):
        yield f"{number}. {step.title}"
        for action in step.actions:
            found = line(action)
            done = f"{found.verb} {found.subject}".rstrip()
            yield f"   {found.sign} {found.node}: {done} ({found.reason})"
            yield from (f"       {difference}" for difference in found.differences)
    yield from (f"! {one.subject}: {one.reason}" for one in plan.unmet)


def summary(plan: Plan) -> str:
    """Return one sentence about the plan."""
    count = len(plan.actions)
    if not count and not plan.unmet:
        return "Nothing to do: the cluster is as the file says."
    actions = f"{counted(count, 'action')} in {counted(len(plan.steps), 'step')}."
    said = actions if count else "Nothing to do now."
    return f"{said} {len(plan.unmet)} not met." if plan.unmet else said
