"""Moving a slot to another container: on which node, and in which order.

`start-first` needs room for both beside each other. Where a host port, a volume with one writer, or the
node's memory does not allow that, the old one goes first, as nothing else is possible there. What must
leave its node starts on the other one first, whatever the order.

What stops before another one starts is taken away for that long: never more at once than the budget of its
service allows, unless a person has set a deadline to it.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from orchestrate.model.plan import Replica, StartReplica, StopReplica, Unmet
from orchestrate.model.scope import Scope
from orchestrate.model.spec.deploy import Order
from orchestrate.model.spec.service import Service
from orchestrate.planner.containers.volumes import mounted_volumes, volume_keys
from orchestrate.planner.placement.filters import refusal
from orchestrate.planner.placement.ledger import Account, Ledger
from orchestrate.planner.placement.place import place
from orchestrate.planner.services.budget import Allowance
from orchestrate.planner.services.slots import Slot
from orchestrate.planner.snapshot import ObservedReplica, advice_when_leaving
from orchestrate.planner.steps import Phase, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A slot that is to get another container. `is_bound`: it has no other node to go to.

    `is_overdue`: it has had its time to move, and is stopped even if nothing takes its place. `to`: the node
    that it goes to; empty: the best one.
    """

    slot: Slot
    kept: ObservedReplica
    deadline_s: float
    is_bound: bool = False
    is_overdue: bool = False
    to: str = ""

    @property
    def is_idle(self) -> bool:
        """True if it serves nobody, or has had its time to go."""
        return self.is_overdue or not self.kept.is_passing

    @property
    def holds_data(self) -> bool:
        """True if the replica's volume is on its node."""
        return bool(
            self.kept.node.engine.volumes.keys() & {*mounted_volumes(self.slot.replica.config)}
        )

    @property
    def may_go_anywhere(self) -> bool:
        return not (self.is_bound or self.to or self.holds_data)


@dataclass(slots=True, kw_only=True)
class Rollout:
    """The changes of one service, `parallelism` at a time; 0 is all at once (SwarmKit, orchestrator/update).

    `unschedulable`: what had nowhere to go among the nodes that are there, and might go to another.
    """

    changes: deque[Change] = field(default_factory=deque)
    parallelism: int = 0
    allowance: Allowance = field(default_factory=Allowance)
    unschedulable: list[Replica] = field(default_factory=list)

    def wave(self, ledger: Ledger, scope: Scope) -> list[Unit | Unmet]:
        """Plan the next batch; it is smaller than `parallelism` where the budget asks for that."""
        found: list[Unit | Unmet] = []
        back = 0
        size = self.parallelism or len(self.changes)
        while self.changes and len(found) < size:
            outcome = plan_replacement(self.changes[0], ledger, self.allowance)
            if outcome is None and back:
                break
            change = self.changes.popleft()
            found.append(outcome or _held(change, ledger, self.allowance))
            match outcome:
                case Unit() if scope.covers(outcome.nodes):
                    back += self._spend(change, outcome)
                case Unmet() if change.may_go_anywhere and scope.includes(change.kept.node.name):
                    self.unschedulable.append(change.slot.replica)
                case _:
                    pass
        self.allowance.down -= back
        return found

    def _spend(self, change: Change, unit: Unit) -> int:
        """How many of those that count as unavailable come back with this?"""
        takes = change.kept.may_serve and isinstance(unit.actions[0], StopReplica)
        self.allowance.down += takes
        return takes + (not change.slot.is_served) if unit.starts else 0


def roll(
    rollouts: Iterable[Rollout], ledger: Ledger, scope: Scope = Scope()
) -> tuple[list[list[Unit]], list[Unmet]]:
    """The services side by side, wave by wave; each is planned upon what those before it leave."""
    waves: list[list[Unit]] = []
    unmet: list[Unmet] = []
    left = [one for one in rollouts if one.changes]
    while left:
        outcomes = [outcome for one in left for outcome in one.wave(ledger, scope)]
        units = [one for one in outcomes if isinstance(one, Unit)]
        waves.append(units)
        unmet += [one for one in outcomes if isinstance(one, Unmet)]
        left = [one for one in left if one.changes]
    return waves, unmet


def plan_replacement(change: Change, ledger: Ledger, allowance: Allowance) -> Unit | Unmet | None:
    """Return the unit that puts the slot's wanted container in the place of the kept one.

    None: that would take away more than its service can do without now.
    """
    slot, kept = change.slot, change.kept
    origin = ledger[kept.node.name]
    has_room_beside = refusal(slot.replica, origin) is None
    with origin.without([kept.container]) as trial:
        stays = change.is_bound or _may_stay(slot, origin)
        start_first = _order(slot) == "start-first" and (has_room_beside or not stays)
        if kept.may_serve and not start_first and allowance.is_spent:
            return None
        placement = place(slot.replica, ledger, only=origin.node.name if stays else change.to)
        if placement.node == origin.node.name:
            trial.keep()  # elsewhere the old one stays until the new one is up
    if placement.node is None:
        return _stuck(change, placement.why_not, allowance)
    start = start_on(ledger[placement.node], slot, change.deadline_s)
    phases = _ordered(start, _stops(slot, kept, slot.reason), start_first=start_first)
    return Unit(label=slot.replica.label, phases=phases)


def _order(slot: Slot) -> Order:
    return "start-first" if slot.must_move else slot.replica.service.deploy.update.order


def _may_stay(slot: Slot, origin: Account) -> bool:
    """True if the replica may stay on its node: its data and caches are there, and nothing else moves."""
    has_to_go = slot.must_move or origin.ledger.is_better_elsewhere(slot.replica, origin.node.name)
    return not has_to_go and refusal(slot.replica, origin) is None


def _held(change: Change, ledger: Ledger, allowance: Allowance) -> Unmet:
    """Describe a change that has to stop its replica first, which would exceed the budget."""
    slot, why = change.slot, "update_config.order is stop-first"
    if _order(slot) == "start-first":
        beside = refusal(slot.replica, ledger[change.kept.node.name])
        why = f"there is no room for both: {beside}"
    reason = f"waits to be replaced ({slot.reason}): {allowance.said}, and {why}"
    return Unmet(subject=slot.replica.label, reason=reason)


def _stuck(change: Change, why_not: str, allowance: Allowance) -> Unit | Unmet:
    """A volume is where it is: that no other node holds it says more than what keeps it from this one."""
    slot, here = change.slot, change.kept.node
    if change.is_overdue:
        reason = f"{slot.reason}, and its deadline has passed"
        return Unit(label=slot.replica.label, phases=(_stops(slot, change.kept, reason),))
    if slot.must_move and change.holds_data:
        why_not = f"its volume {volume_keys(slot.replica.service)[0]} is on {here.name}"
        why_not += f": {advice_when_leaving(here.name)}" if here.is_leaving else ""
    subject, reason = (
        f"{slot.replica.label} on {here.name}",
        f"{slot.reason}; nowhere to go: {why_not}",
    )
    if slot.must_move and change.kept.may_serve:
        verdict = allowance.charge()
        if not verdict.is_granted:
            return Unmet(subject=subject, reason=f"{reason}; {verdict.reason}", holds_up=here.name)
    return Unmet(subject=subject, reason=reason)


def _stops(slot: Slot, kept: ObservedReplica, reason: str) -> tuple[StopReplica, ...]:
    return tuple(stop(one, reason, slot.replica.service) for one in _leaving(slot, kept))


def _leaving(slot: Slot, kept: ObservedReplica) -> tuple[ObservedReplica, ...]:
    """Return the replicas that a replacement stops; a duplicate that serves instead stays until it is done."""
    if not kept.is_passing and any(one.is_passing for one in slot.others):
        return (kept,)
    return (kept, *slot.others)


def _ordered(
    start: StartReplica, stops: tuple[StopReplica, ...], *, start_first: bool
) -> tuple[Phase, ...]:
    """Return one phase if everything happens on one node, else two: the second waits for the first."""
    phases: tuple[Phase, Phase] = ((start,), stops) if start_first else (stops, (start,))
    if all(one.node == start.node for one in stops):
        return ((*phases[0], *phases[1]),)
    return phases


def start_on(account: Account, slot: Slot, deadline_s: float) -> StartReplica:
    """Start the slot's wanted container there, beside whatever is there now."""
    taken = {container.name for container in account.node.engine.containers}
    return StartReplica(
        node=account.node.name,
        replica=_with_free_name(slot.replica, taken),
        reason=slot.reason,
        address=account.allocate_address(),
        deadline_s=deadline_s,
        monitor_s=slot.monitor_s,
        differences=slot.differences,
    )


def _with_free_name(replica: Replica, taken: set[str]) -> Replica:
    """A container that was changed or renamed by hand may hold the very name that a new one would get."""
    number = 1
    name = replica.name
    while name in taken:
        number += 1
        name = f"{replica.name}-{number}"
    return dataclasses.replace(replica, name=name)


def stop(seen: ObservedReplica, reason: str, service: Service | None) -> StopReplica:
    """Stop a replica. It is drained if proxies send requests to it; other clients resolve the name anew."""
    grace_s: float = seen.container.config.get("stop_grace_s", 10)
    return StopReplica(
        node=seen.node.name,
        name=seen.container.name,
        label=seen.label,
        reason=reason,
        grace_s=grace_s,
        drain_timeout_s=service.network.drain_timeout_s if service and seen.is_passing else 0,
    )
