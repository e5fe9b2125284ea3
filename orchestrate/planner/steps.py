"""Units of work on slots -> steps: titled, counted, and kept to the nodes that may be changed."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from orchestrate.model.plan import Action, StartReplica, Step
from orchestrate.model.scope import Scope

Phase = tuple[Action, ...]
"""Actions that one step may hold: side by side over nodes, in order on each."""
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The work on one slot, phase after phase. All of it is done, or none."""

    label: str
    phases: tuple[Phase, ...]

    @property
    def nodes(self) -> frozenset[str]:
        return frozenset(action.node for action in self.actions)

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(action for phase in self.phases for action in phase)

    @property
    def starts(self) -> tuple[StartReplica, ...]:
        return tuple(action for action in self.actions if isinstance(action, StartReplica))


def one_step(title: str, actions: Iterable[Action]) -> tuple[Step, ...]:
    found = tuple(actions)
    return (Step(title=title, actions=found),) if found else ()


def unit_steps(verb: str, units: Sequence[Unit]) -> Iterator[Step]:
    """The units' phases, merged: step n holds the nth phase of each."""
    title = f"{verb} {_listed([unit.label for unit in units])}"
    for phases in zip_longest(*(unit.phases for unit in units), fillvalue=()):
        yield Step(title=title, actions=tuple(action for phase in phases for action in phase))


def within(scope: Scope, planned: Iterable[Step]) -> Iterator[Step]:
    """The steps without the actions on nodes that may not be changed."""
    for step in planned:
        actions = tuple(action for action in step.actions if scope.includes(action.node))
        if actions:
            yield dataclasses.replace(step, actions=actions)


def numbered(planned: Iterable[Step]) -> Iterator[Step]:
    """Titles that repeat are counted: by its title a run reports what it has done of a plan."""
    found = tuple(planned)
    total = Counter(step.title for step in found)
    so_far: Counter[str] = Counter()
    for step in found:
        so_far[step.title] += 1
        number = f" ({so_far[step.title]} of {total[step.title]})"
        title = step.title + number if total[step.title] > 1 else step.title
        yield dataclasses.replace(step, title=title)


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(labels) if len(labels) <= _NAMED else f"{len(labels)} replicas"
