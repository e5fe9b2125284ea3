"""A cluster in memory behind the ports of a cycle: it carries plans out, and fails or dies on cue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from orchestrate.cycle.planning import Planning
from orchestrate.cycle.run import run_cycle
from orchestrate.errors import InputError, LockHeldError
from orchestrate.model.file import File
from orchestrate.model.journal import FailureRecord, Journal, NodeRecord, ProjectRecord
from orchestrate.model.node import Node
from orchestrate.model.node_pool import AddNodes, Growth, ReleaseNode, RemoveNode, WakeNode
from orchestrate.model.observed.catalogue import CatalogueView
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.registration import Registration
from orchestrate.model.plan import Action, Plan, Step
from orchestrate.model.report import CycleReport, Failure, Outcome
from orchestrate.model.spec import Project
from orchestrate.ports import Ports
from tests.builders import KEY, NOW, parted
from tests.fake_node import ActionError, FakeNode


class DiedError(Exception):
    """The controller was killed."""


@dataclass(slots=True)
class FakeContents:
    """What is in files, by the path in the Compose file; of what is not here, nothing can be read."""

    found: dict[str, bytes] = field(default_factory=dict)

    def read(self, file: File, node: str) -> bytes:
        content = self.found.get(f"{file.path} on {node}", self.found.get(file.path))
        if content is None:
            raise InputError(f"{file.path}: no such file")
        return content


def _side_by_side(actions: Iterable[Action]) -> list[Action]:
    """In order on each node; all nodes do their first action before any does its second."""
    turn: Counter[str] = Counter()
    turns: list[tuple[int, Action]] = []
    for action in actions:
        turns.append((turn[action.node], action))
        turn[action.node] += 1
    return [action for _, action in sorted(turns, key=lambda one: one[0])]


@dataclass(slots=True)
class FakeCluster:
    """Cluster, Store, Catalogue, Lock, Clock and Teller in one.

    `dies_after`: the number of actions after which the controller is killed. `on_action` is called after
    each one, `on_look` before each look. A failing action ends its node's part of the step, and the run
    at the step's end.
    """

    members: dict[str, FakeNode]
    at: float = NOW
    dies_after: int | None = None
    cancels: bool = False
    on_action: Callable[[], None] = lambda: None
    on_look: Callable[[], None] = lambda: None
    journal: Journal = field(default_factory=Journal)
    removed: set[str] = field(default_factory=set)
    """Names of members that the inventory does not have."""
    struck: list[str] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    looks: int = 0
    """At all nodes of the inventory."""
    asked: Counter[str] = field(default_factory=Counter)
    """How often, by node."""
    said: dict[str, dict[str, str]] = field(default_factory=dict)
    """The inventory's variables, by node."""
    holder: str = ""
    has_lost_lock: bool = False
    refreshed: int = 0
    on_host: Callable[[AddNodes | RemoveNode], None] = lambda _: None
    """What the team's playbooks do; an ActionError is their failure."""
    contents: FakeContents = field(default_factory=FakeContents)

    @property
    def ports(self) -> Ports:
        return Ports(
            cluster=self,
            store=self,
            catalogue=self,
            clock=self,
            teller=self,
            contents=self.contents,
            pause=self.pause,
        )

    def converge(self, *wanted: Project, **fields: Any) -> CycleReport:
        """One cycle for these projects; `fields` are those of Desired and Scope."""
        desired, _, scope = parted(projects=wanted, **fields)
        journal = self.read()
        planning = Planning(ports=self.ports, desired=desired, scope=scope, key=journal.key)
        return run_cycle(planning, journal, self.seen())

    def running(self) -> list[str]:
        """What runs where: node, image and slot."""
        return sorted(
            f"{name} {one.config['image']} {one.slot}"
            for name, member in self.members.items()
            for one in member.containers.values()
            if one.state == "running"
        )

    # Cluster

    def nodes(self) -> tuple[Node, ...]:
        return tuple(self.members[name].node for name in self._inventory())

    def _inventory(self) -> list[str]:
        return sorted(self.members.keys() - self.removed)

    def ask(self, nodes: Sequence[Node]) -> tuple[ObservedNode, ...]:
        self.on_look()
        return tuple(replace(self._answer(one.name), node=one) for one in nodes)

    def _answer(self, name: str) -> ObservedNode:
        self.asked[name] += 1
        return self.members[name].observed(self.at)

    def variables(self, names: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        return {
            name: {key: value for key, value in said.items() if key in names}
            for name, said in self.said.items()
        }

    def start_observing(
        self,
        images: Sequence[str] = (),  # noqa: ARG002 - the port's; nobody asks for any here
    ) -> Callable[[], tuple[ObservedNode, ...]]:
        return self.seen

    def seen(self) -> tuple[ObservedNode, ...]:
        self.looks += 1
        self.on_look()
        return tuple(self._answer(name) for name in self._inventory())

    def refresh(self) -> None:
        self.refreshed += 1

    def act(self, plan: Plan) -> Outcome:
        if self.cancels:
            return Outcome(cancelled=True)
        completed: list[str] = []
        for step in plan.steps:
            failures = self._step(step)
            if failures:
                return Outcome(completed=tuple(completed), failures=tuple(failures), changed=True)
            completed.append(step.title)
        return Outcome(completed=tuple(completed), changed=bool(completed))

    def _step(self, step: Step) -> list[Failure]:
        failed: dict[str, Failure] = {}
        for action in _side_by_side(step.actions):
            if action.node in failed:
                continue
            try:
                match action:
                    case WakeNode() | ReleaseNode():
                        pass
                    case AddNodes() | RemoveNode():
                        self.on_host(action)
                    case _:
                        self.members[action.node].perform(action)
            except ActionError as error:
                failed[action.node] = Failure(
                    node=action.node,
                    task="Apply the actions on replicas",
                    message=str(error),
                    step=step.title,
                    action=action,
                )
            self._count()
        return list(failed.values())

    def _count(self) -> None:
        self.on_action()
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after < 0:
                self.dies_after = None
                raise DiedError

    # Store

    def read(self) -> Journal:
        return self.journal

    def save_project(self, record: ProjectRecord) -> ProjectRecord:
        there = self.journal.projects.get(record.name)
        if record.index != (there.index if there else 0):
            raise InputError(f"{record.name} was changed by somebody else just now: try again")
        saved = replace(record, index=record.index + 1)
        projects = {**self.journal.projects, record.name: saved}
        self.journal = replace(self.journal, projects=projects)
        return saved

    def restore_project(self, old: ProjectRecord, index: int) -> None:
        self.save_project(replace(old, index=index))

    def forget_project(self, record: ProjectRecord) -> None:
        projects = {**self.journal.projects}
        projects.pop(record.name, None)
        self.journal = replace(self.journal, projects=projects)

    def save_nodes(self, records: Mapping[str, NodeRecord]) -> Mapping[str, NodeRecord]:
        self.journal = replace(self.journal, nodes={**self.journal.nodes, **records})
        return records

    def forget_node(self, name: str) -> None:
        nodes = {key: record for key, record in self.journal.nodes.items() if key != name}
        self.journal = replace(self.journal, nodes=nodes)

    def save_failures(self, record: FailureRecord) -> FailureRecord:
        if record.index != self.journal.failures.index:
            raise InputError("failures were changed by somebody else just now: try again")
        saved = replace(record, index=record.index + 1)
        self.journal = replace(self.journal, failures=saved)
        return saved

    def save_growth(self, growth: Growth) -> None:
        if growth.index != self.journal.growth.index:
            raise InputError("orchestrate/growth was changed by somebody else just now: try again")
        self.journal = replace(self.journal, growth=replace(growth, index=growth.index + 1))

    def note_action(self, at: float) -> None:
        self.journal = replace(self.journal, acted_at=at)

    def make_key(self) -> bytes:
        self.journal = replace(self.journal, key=self.journal.key or KEY)
        return self.journal.key or KEY

    # Catalogue

    def remembered(self, nodes: Iterable[str]) -> Mapping[str, CatalogueView]:
        return {
            name: CatalogueView(
                is_alive=self.members[name].is_alive,
                registrations=tuple(self._catalogued(name)),
            )
            for name in nodes
        }

    def _catalogued(self, name: str) -> Iterable[Registration]:
        member = self.members[name]
        return () if name in self.struck and not member.is_alive else member.registrations.values()

    def servers(self) -> Mapping[str, bool]:
        return {
            name: member.is_alive
            for name, member in self.members.items()
            if member.node.serves_consul and name not in self.struck
        }

    def strike(self, node: str) -> None:
        self.struck.append(node)

    # Lock, Clock, Teller

    @contextmanager
    def hold(self, command: str) -> Iterator[None]:
        if self.holder:
            raise LockHeldError(f"{self.holder} is at it")
        self.holder = command
        try:
            yield
        finally:
            self.holder = ""

    def is_lost(self) -> bool:
        return self.has_lost_lock

    def now(self) -> float:
        return self.at

    def pause(self, seconds: float) -> None:
        self.at += seconds

    def warned(self, text: str) -> None:
        self.warnings.append(text)

    def planned(self, plan: Plan) -> None:
        self.plans.append(plan)
