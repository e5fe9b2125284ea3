"""The replicas of a service that stay as they are: in a quiet cluster, nearly all."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from orchestrate.planner.services.context import ServiceContext
from orchestrate.planner.services.replacement import Change
from orchestrate.planner.services.slots import Key, Slot, Standard
from orchestrate.planner.snapshot import ObservedReplica


@dataclass(frozen=True, slots=True)
class Settled:
    """The changes that could be made to them. Few plans ask for these, so each is made on demand.

    `kept` has the container of each slot that is as desired; of other slots, the change itself.
    """

    context: ServiceContext
    wanted: Sequence[Key]
    kept: Mapping[Key, ObservedReplica | Change]

    def __iter__(self) -> Iterator[Change]:
        for key in self.wanted:
            match self.kept.get(key):
                case ObservedReplica() as replica:
                    wanted = self.context.replica(key[0])
                    slot = Slot(replica=wanted, verdict="keep", kept=replica)
                    yield change_of(self.context, key, slot, replica)
                case Change() as change:
                    yield change
                case None:
                    pass


def as_desired(
    context: ServiceContext, wanted: Iterable[Key], held: Mapping[Key, Sequence[ObservedReplica]]
) -> dict[Key, ObservedReplica]:
    """Return the slots that need no closer look: one container holds each, and nothing is wrong with it."""
    standard = Standard(context.first, context.deadline_s)
    kept: dict[Key, ObservedReplica] = {}
    for key in wanted:
        group = held.get(key, ())
        if len(group) == 1 and standard.is_met(key[0], group[0]):
            kept[key] = group[0]
    return kept


def change_of(context: ServiceContext, key: Key, slot: Slot, kept: ObservedReplica) -> Change:
    """The duplicates of a replica that serves stop before, so that they do not wait for its turn."""
    until = kept.node.record.drained_by
    return Change(
        slot=dataclasses.replace(slot, others=()) if is_relieved(slot, kept) else slot,
        kept=kept,
        deadline_s=context.deadline_s,
        is_bound=bool(key[1]),
        is_overdue=slot.must_move and until is not None and context.observed.at >= until,
    )


def is_relieved(slot: Slot, kept: ObservedReplica) -> bool:
    return slot.verdict == "replace" and kept.is_passing
