"""What is left of a service's budget while a plan is made, whatever takes its replicas away.

A replica counts as unavailable from the moment at which it is stopped until the one in its place is passing,
and when it serves nobody anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from orchestrate.model.wording import counted
from orchestrate.planner.services.context import ServiceContext
from orchestrate.planner.services.slots import Key, Slot
from orchestrate.planner.snapshot import is_lost
from orchestrate.planner.steps import Unit


@dataclass(slots=True, kw_only=True)
class Allowance:
    """`most` replicas may be unavailable (None: any number); `down` of them are, at this point of the plan.

    `owed` are those that have to leave their node and can only be stopped for that.
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

    @property
    def ahead(self) -> str:
        """Of those that are owed, who comes before the latest."""
        before = self.owed - 1
        verb = "comes" if before == 1 else "come"
        return f"; {before} more with nowhere to go {verb} first" if before > 0 else ""

    def spares(self, more: int) -> bool:
        """Could it do without so many more?"""
        return self.most is None or self.down + more <= self.most

    def owe(self) -> bool:
        """One more has only a stop left to it. Could all of those be stopped?"""
        self.owed += 1
        return self.spares(self.owed)


def allowed(
    scene: ServiceContext, slots: Collection[tuple[Key, Slot]], starts: Iterable[Unit]
) -> Allowance:
    """What a service may do without once its `starts` are done."""
    budget = scene.service.budget
    if budget is None:
        return Allowance()
    is_global = scene.service.deploy.is_global
    coming = {
        (one.replica.slot, one.node if is_global else "")
        for unit in starts
        for one in unit.starts
        if unit.is_within(scene.limit)
    }
    down = sum(not (slot.is_served or key in coming) for key, slot in slots)
    unseen = _unseen(scene) if is_global else 0
    return Allowance(most=budget.of(len(slots) + unseen), down=down + unseen)


def _unseen(scene: ServiceContext) -> int:
    """The replicas of a global service on nodes that cannot be read, but are not lost."""
    hidden = scene.hidden.holders_of(scene.project.name, scene.service.name)
    holders = {node.name: node for nodes in hidden.values() for node in nodes}
    return sum(not is_lost(node, scene.observed.at, scene.settings) for node in holders.values())
