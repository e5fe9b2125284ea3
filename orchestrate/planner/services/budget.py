"""The rest of a service's budget while a plan is made, for whatever takes its replicas away.

A replica counts as unavailable from the moment at which it is stopped until the one in its place is passing,
and when it serves nobody anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from orchestrate.model.wording import counted
from orchestrate.planner.services.context import ServiceContext
from orchestrate.planner.services.slots import Key, Slot
from orchestrate.planner.snapshot import is_lost
from orchestrate.planner.steps import Unit


class Verdict(NamedTuple):
    """The budget's answer: whether all replicas that are owed may be stopped, and why not."""

    is_granted: bool
    reason: str


@dataclass(slots=True, kw_only=True)
class Allowance:
    """`most` replicas may be unavailable (None: any number); `down` of them are, at this point of the plan.

    `owed` is the number of replicas that have to leave their node and can only be stopped for that.
    """

    most: int | None = None
    down: int = 0
    owed: int = 0

    @property
    def is_spent(self) -> bool:
        return not self.spares(1)

    @property
    def said(self) -> str:
        some = counted(self.most, "replica") if self.most else "no replica"
        found = f", and {self.down} {'are' if self.down > 1 else 'is'}" if self.down else ""
        return f"x-budget lets {some} be unavailable{found}"

    def spares(self, more: int) -> bool:
        """True if so many more replicas may be unavailable."""
        return self.most is None or self.down + more <= self.most

    def charge(self) -> Verdict:
        """Count one more replica that has to leave its node and can only be stopped for that."""
        ahead = self.owed
        self.owed += 1
        verb = "comes" if ahead == 1 else "come"
        queue = f"; {ahead} more with nowhere to go {verb} first" if ahead else ""
        return Verdict(is_granted=self.spares(self.owed), reason=f"{self.said}{queue}")


def allowed(
    context: ServiceContext,
    wanted: Collection[Key],
    slots: Iterable[tuple[Key, Slot]],
    starts: Iterable[Unit],
) -> Allowance:
    """Return how many replicas of a service may be unavailable once its `starts` are done.

    `slots` are those of the `wanted` that may not be served.
    """
    budget = context.service.budget
    if budget is None:
        return Allowance()
    coming = _coming(context, starts)
    down = sum(not (slot.is_served or key in coming) for key, slot in slots)
    unseen = _unseen(context) if context.service.deploy.is_global else 0
    return Allowance(most=budget.of(len(wanted) + unseen), down=down + unseen)


def _coming(context: ServiceContext, starts: Iterable[Unit]) -> set[Key]:
    """Return the slots that are served once the units within the scope are done."""
    is_global = context.service.deploy.is_global
    return {
        (start.replica.slot, start.node if is_global else "")
        for unit in starts
        for start in unit.starts
        if context.scope.covers(unit.nodes)
    }


def _unseen(context: ServiceContext) -> int:
    """The replicas of a global service on nodes that cannot be read, but are not lost."""
    hidden = context.hidden.holders_of(context.project.name, context.service.name)
    holders = {node.name: node for nodes in hidden.values() for node in nodes}
    return sum(
        not is_lost(node, context.observed.at, context.settings) for node in holders.values()
    )
