"""More nodes or fewer: the last steps of a plan, when it is clear what it leaves without a place."""

from __future__ import annotations

from dataclasses import replace

from orchestrate.model.node_pool import PoolAction
from orchestrate.model.plan import Plan


def resizes(plan: Plan) -> bool:
    """True if the plan changes which hosts are nodes."""
    return any(isinstance(action, PoolAction) for action in plan.actions)


def next_part(plan: Plan, last: Plan) -> Plan:
    """Return the steps to carry out now: the pool is resized only when no other step is left that helps."""
    hosts = tuple(step for step in plan.steps if isinstance(step.actions[0], PoolAction))
    others = tuple(step for step in plan.steps if step not in hosts)
    return replace(plan, steps=hosts if others in ((), last.steps) else others)
