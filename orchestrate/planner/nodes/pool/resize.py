"""More nodes or fewer: the last steps of a plan, when it is clear what it leaves without a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from orchestrate.model.desired import Desired
from orchestrate.model.node_pool import PoolAction
from orchestrate.model.observed import Observed
from orchestrate.model.plan import Plan, Replica, StartReplica, Step, Unmet
from orchestrate.planner.nodes.pool.grow import grow
from orchestrate.planner.nodes.pool.shrink import shrink
from orchestrate.planner.steps import one_step


def resize_pool(
    desired: Desired, observed: Observed, pending: Sequence[Replica], planned: Sequence[Step]
) -> tuple[tuple[Step, ...], tuple[Unmet, ...]]:
    """The steps, and what it is too early for."""
    more, too_early = grow(pending, observed, desired)
    starts = (one for step in planned for one in step.actions if isinstance(one, StartReplica))
    less = shrink(observed, desired, {one.node for one in starts})
    return (*one_step("Add nodes", more), *one_step("Give nodes back", less)), too_early


def resizes(plan: Plan) -> bool:
    """Does it change which hosts are nodes, by what the journal says or by the team's playbooks?"""
    return any(isinstance(action, PoolAction) for action in plan.actions)


def next_part(plan: Plan, last: Plan) -> Plan:
    """What is carried out next: hosts come and go when nothing else is left that helps."""
    hosts = tuple(step for step in plan.steps if isinstance(step.actions[0], PoolAction))
    others = tuple(step for step in plan.steps if step not in hosts)
    return replace(plan, steps=hosts if others in ((), last.steps) else others)
