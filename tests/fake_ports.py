"""The small ports in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from orchestrate.errors import InputError, LockHeldError
from orchestrate.model.file import File
from orchestrate.model.node import Node
from orchestrate.model.observed.catalogue import CatalogueView
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.registration import Registration
from orchestrate.model.plan import Plan
from tests.builders import NOW
from tests.fake_node import FakeNode


@dataclass(slots=True)
class FakeInventory:
    """`removed` are the members that it does not have, `said` its variables by node."""

    members: Mapping[str, FakeNode]
    removed: set[str] = field(default_factory=set)
    said: dict[str, dict[str, str]] = field(default_factory=dict)
    refreshed: int = 0

    @property
    def nodes(self) -> tuple[Node, ...]:
        names = sorted(self.members.keys() - self.removed)
        return tuple(self.members[name].node for name in names)

    def node_variables(self, names: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        return {
            node.name: {
                key: value for key, value in self.said.get(node.name, {}).items() if key in names
            }
            for node in self.nodes
        }

    def refresh(self) -> None:
        self.refreshed += 1


@dataclass(slots=True)
class FakeClock:
    at: float = NOW

    def now(self) -> float:
        return self.at

    def pause(self, seconds: float) -> None:
        self.at += seconds


@dataclass(slots=True)
class FakeObserver:
    """`looks` counts those at all nodes of the inventory, `asked` all of them by node.

    `on_look` is called before each.
    """

    members: Mapping[str, FakeNode]
    inventory: FakeInventory
    clock: FakeClock
    looks: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    on_look: Callable[[], None] = lambda: None

    def start(
        self,
        images: Sequence[str] = (),  # noqa: ARG002 - the port's; nobody asks for any here
    ) -> Callable[[], tuple[ObservedNode, ...]]:
        return self.look

    def look(self) -> tuple[ObservedNode, ...]:
        self.looks += 1
        self.on_look()
        return tuple(self._answer(node) for node in self.inventory.nodes)

    def ask(self, nodes: Sequence[Node]) -> tuple[ObservedNode, ...]:
        self.on_look()
        return tuple(self._answer(node) for node in nodes)

    def _answer(self, node: Node) -> ObservedNode:
        self.asked[node.name] += 1
        return replace(self.members[node.name].observed(self.clock.at), node=node)


@dataclass(slots=True)
class FakeCatalogue:
    members: Mapping[str, FakeNode]
    struck: list[str] = field(default_factory=list)

    def remembered(self, nodes: Iterable[str]) -> Mapping[str, CatalogueView]:
        return {
            name: CatalogueView(
                is_alive=self.members[name].is_alive,
                registrations=tuple(self._registrations(name)),
            )
            for name in nodes
        }

    def _registrations(self, name: str) -> Iterable[Registration]:
        member = self.members[name]
        return () if name in self.struck and not member.is_alive else member.registrations.values()

    def servers(self) -> Mapping[str, bool]:
        return {
            name: member.is_alive
            for name, member in self.members.items()
            if member.node.serves_consul and name not in self.struck
        }

    def remove_node(self, node: str) -> None:
        self.struck.append(node)


@dataclass(slots=True)
class FakeContents:
    """What is in files, by the path in the Compose file; of what is not here, nothing can be read."""

    found: dict[str, bytes] = field(default_factory=dict)

    def read(self, file: File, node: str) -> bytes:
        content = self.found.get(f"{file.path} on {node}", self.found.get(file.path))
        if content is None:
            raise InputError(f"{file.path}: no such file")
        return content


@dataclass(slots=True)
class FakeLock:
    holder: str = ""
    is_gone: bool = False

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
        return self.is_gone


@dataclass(slots=True)
class FakeReporter:
    plans: list[Plan] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def planned(self, plan: Plan) -> None:
        self.plans.append(plan)

    def warned(self, text: str) -> None:
        self.warnings.append(text)
