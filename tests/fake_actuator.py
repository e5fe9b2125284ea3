"""Plans are carried out on nodes in memory, play by play, and fail or are killed on cue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from orchestrate.model.node_pool import AddNodes, ReleaseNode, RemoveNode, WakeNode
from orchestrate.model.plan import Action, Plan, Repair, ReplicaAction, Retire, Step
from orchestrate.model.report import Failure, Outcome
from tests.fake_node import ActionError, FakeNode

_RETIRED = ("proxy", "consul", "network")


class DiedError(Exception):
    """The controller was killed."""


@dataclass(slots=True)
class FakeActuator:
    """`dies_after`: the number of actions after which the controller is killed. `on_action` is called
    after each action.

    An action that fails ends its node's part of the play, and the run at the end of that play; but those
    of its kind beside it are still done.
    """

    members: Mapping[str, FakeNode]
    dies_after: int | None = None
    cancels: bool = False
    on_action: Callable[[], None] = lambda: None
    on_host: Callable[[AddNodes | RemoveNode], None] = lambda _: None
    """What the team's playbooks do; an ActionError is their failure."""

    def act(self, plan: Plan) -> Outcome:
        if self.cancels:
            return Outcome(cancelled=True)
        if theirs := [*_by_the_team(plan)]:
            return self._by_the_team(theirs)
        completed: list[str] = []
        for step in plan.steps:
            for play in _plays(step):
                if failures := [*self._play(step, play)]:
                    return Outcome(
                        completed=tuple(completed), failures=tuple(failures), changed=True
                    )
            completed.append(step.title)
        return Outcome(completed=tuple(completed), changed=bool(completed))

    def _by_the_team(self, theirs: list[tuple[Step, AddNodes | RemoveNode]]) -> Outcome:
        failures: list[Failure] = []
        for step, action in theirs:
            try:
                self.on_host(action)
            except ActionError as error:
                task = PurePath(action.playbook).name
                failures.append(_failure(step, action, str(error), node="localhost", task=task))
            self._count()
        failed = {failure.step for failure in failures}
        completed = dict.fromkeys(step.title for step, _ in theirs if step.title not in failed)
        return Outcome(completed=tuple(completed), failures=tuple(failures), changed=True)

    def _play(self, step: Step, actions: Iterable[Action]) -> Iterator[Failure]:
        failed: dict[str, type[Action]] = {}
        ended: set[str] = set()
        for action in _side_by_side(actions):
            if failed.get(action.node, type(action)) is not type(action):
                ended.add(action.node)
            if action.node in ended or isinstance(action, WakeNode | ReleaseNode):
                continue
            member = self.members[action.node]
            try:
                member.perform(action)
            except ActionError as error:
                failed[action.node] = type(action)
                if not member.answers:
                    ended.add(action.node)
                yield _failure(step, action if member.answers else None, str(error), action.node)
            self._count()

    def _count(self) -> None:
        self.on_action()
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after < 0:
                self.dies_after = None
                raise DiedError


def _by_the_team(plan: Plan) -> Iterator[tuple[Step, AddNodes | RemoveNode]]:
    for step in plan.steps:
        for action in step.actions:
            if isinstance(action, AddNodes | RemoveNode):
                yield step, action


def _plays(step: Step) -> list[list[Action]]:
    """One for the replicas, one for each role of a repair or a retirement, one for each other kind."""
    plays: dict[tuple[str, str], list[Action]] = {}
    for action in step.actions:
        plays.setdefault(_play_of(action), []).append(action)
    return [plays[key] for key in sorted(plays, key=_order)]


def _play_of(action: Action) -> tuple[str, str]:
    match action:
        case Repair() | Retire():
            return type(action).__name__, action.role
        case _:
            kind = "" if isinstance(action, ReplicaAction) else type(action).__name__
            return kind, ""


def _order(play: tuple[str, str]) -> int:
    """Parts are retired in a fixed order; all else keeps the step's."""
    kind, role = play
    return _RETIRED.index(role) if kind == Retire.__name__ else 0


def _side_by_side(actions: Iterable[Action]) -> list[Action]:
    """In order on each node; all nodes do their first action before any does its second."""
    turn: Counter[str] = Counter()
    turns: list[tuple[int, Action]] = []
    for action in actions:
        turns.append((turn[action.node], action))
        turn[action.node] += 1
    return [action for _, action in sorted(turns, key=lambda pair: pair[0])]


def _failure(
    step: Step,
    action: Action | None,
    message: str,
    node: str,
    task: str = "Apply the actions on replicas",
) -> Failure:
    return Failure(
        node=node,
        task=task,
        message=message,
        step=step.title,
        action=action,
        is_unreachable=action is None,
    )
