"""Moving a slot to another container: on which node, and in which order.

`start-first` needs room for both beside each other. Where a host port, a volume with one writer, or the
node's memory does not allow that, the old one goes first, as nothing else is possible there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from orchestrate.model.plan import Action, Replica, StartReplica, Step, StopReplica, Unmet
from orchestrate.model.spec import Service
from orchestrate.planner.filters import refusal
from orchestrate.planner.ledger import Account
from orchestrate.planner.place import place
from orchestrate.planner.sight import Seen
from orchestrate.planner.slots import Slot

Phase = tuple[Action, ...]
"""Actions that one step may hold: side by side over nodes, in order on each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What is done for one slot, phase after phase; all of it or, where it is held back, none."""

    label: str
    phases: tuple[Phase, ...]

    @property
    def nodes(self) -> frozenset[str]:
        return frozenset(action.node for phase in self.phases for action in phase)


def replace(
    slot: Slot, kept: Seen, ledger: Mapping[str, Account], deadline_s: float
) -> Unit | Unmet:
    """The unit that puts the slot's wanted container in the place of `kept`."""
    replica, account = slot.replica, ledger[kept.node.name]
    has_room_beside = refusal(replica, account) is None
    account.leave(kept.container)
    node, why_not = _destination(slot, account, ledger)
    if node is None:
        account.enter(kept.container)
        return Unmet(subject=replica.label, reason=f"{slot.reason}; nowhere to go: {why_not}")
    start_first = replica.service.deploy.update.order == "start-first"
    if node == kept.node.name and not has_room_beside:
        start_first = False
    start = start_on(node, slot, deadline_s)
    stops = tuple(stop(one, slot.reason, replica.service) for one in (kept, *slot.others))
    return Unit(label=replica.label, phases=_ordered(start, stops, start_first=start_first))


def _destination(
    slot: Slot, account: Account, ledger: Mapping[str, Account]
) -> tuple[str | None, str]:
    """Where it is, if it may stay there: data and caches are there, and nothing else moves."""
    if not slot.must_move and refusal(slot.replica, account) is None:
        account.book(slot.replica)
        return account.node.name, ""
    found = place(slot.replica, ledger)
    return found.node, found.why_not


def _ordered(
    start: StartReplica, stops: tuple[StopReplica, ...], *, start_first: bool
) -> tuple[Phase, ...]:
    """One phase where all happens on one node; else what must wait for the other comes after it."""
    phases: tuple[Phase, Phase] = ((start,), stops) if start_first else (stops, (start,))
    if all(one.node == start.node for one in stops):
        return ((*phases[0], *phases[1]),)
    return phases


def start_on(node: str, slot: Slot, deadline_s: float) -> StartReplica:
    """Start the slot's wanted container on `node`, beside whatever holds the slot there."""
    held = [one for one in (slot.kept, *slot.others) if one and one.node.name == node]
    return StartReplica(
        node=node,
        replica=_with_free_name(slot.replica, {one.container.name for one in held}),
        reason=slot.reason,
        deadline_s=deadline_s,
        differences=slot.differences,
    )


def _with_free_name(replica: Replica, taken: set[str]) -> Replica:
    """A container changed by hand may hold the very name that its successor would get."""
    number = 1
    name = replica.name
    while name in taken:
        number += 1
        name = f"{replica.name}-{number}"
    return dataclasses.replace(replica, name=name)


def stop(seen: Seen, reason: str, service: Service | None) -> StopReplica:
    """Only what proxies send requests to is drained; other clients resolve the name anew."""
    ingress = service.ingress if service and seen.is_passing else None
    grace_s: float = seen.container.config.get("stop_grace_s", 10)
    return StopReplica(
        node=seen.node.name,
        name=seen.container.name,
        label=seen.label,
        reason=reason,
        grace_s=grace_s,
        drain_timeout_s=ingress.drain_timeout_s if ingress else 0,
    )


def in_batches(units: Sequence[Unit], parallelism: int) -> list[tuple[Unit, ...]]:
    """`parallelism` replicas at a time; 0 is all at once (SwarmKit, orchestrator/update)."""
    size = parallelism or len(units) or 1
    return [tuple(units[first : first + size]) for first in range(0, len(units), size)]


def in_steps(rollouts: Iterable[Sequence[tuple[Unit, ...]]]) -> Iterator[Step]:
    """The services side by side, batch by batch; the phases of a batch after each other."""
    for batches in zip_longest(*rollouts, fillvalue=()):
        yield from steps("Replace", [unit for batch in batches for unit in batch])


def steps(verb: str, units: Sequence[Unit]) -> Iterator[Step]:
    """The units' phases, merged: step n holds the nth phase of each."""
    title = f"{verb} {_listed([unit.label for unit in units])}"
    for phases in zip_longest(*(unit.phases for unit in units), fillvalue=()):
        yield Step(title=title, actions=tuple(action for phase in phases for action in phase))


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(labels) if len(labels) <= 3 else f"{len(labels)} replicas"  # noqa: PLR2004
