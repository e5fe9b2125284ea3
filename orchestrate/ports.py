"""What a cycle needs from the outside: narrow doors, each as wide as its caller."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from orchestrate.model.file import File
from orchestrate.model.journal import FailureRecord, Journal, NodeRecord, ProjectRecord
from orchestrate.model.node import Node
from orchestrate.model.node_pool import Growth
from orchestrate.model.observed.catalogue import CatalogueView
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan
from orchestrate.model.report import Outcome


class Inventory(Protocol):
    """The hosts that the user names."""

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The hosts that play a part, sorted by name."""
        ...

    def node_variables(self, names: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """By node, those of these variables that are texts or numbers there."""
        ...

    def refresh(self) -> None:
        """Read it anew: a playbook of the team's own has changed it."""
        ...


class Observer(Protocol):
    """A look at nodes changes nothing. A node that does not answer is part of what is seen."""

    def start(self, images: Sequence[str] = ()) -> Callable[[], tuple[ObservedNode, ...]]:
        """Begin to ask every node of the inventory; calling what is returned waits for the answers.

        Some of the nodes are also asked what the tags of these images stand for.
        """
        ...

    def ask(self, nodes: Sequence[Node]) -> tuple[ObservedNode, ...]:
        """Ask these nodes alone; the inventory need not have them."""
        ...


class Actuator(Protocol):
    def act(self, plan: Plan) -> Outcome:
        """Carry the plan out, step by step. A failure ends it after the play that it is in.

        A step is completed when all of its plays ended well; each failure names its step and, if one is to
        blame, its action.
        """
        ...


class Store(Protocol):
    """The journal, in Consul KV. Every write is check-and-set against the record that was read."""

    def read(self) -> Journal:
        """Read all that is current, and no revisions."""
        ...

    def save_project(self, record: ProjectRecord) -> ProjectRecord:
        """Write it; returns it with its new index. InputError when somebody wrote in between."""
        ...

    def restore_project(self, old: ProjectRecord, index: int) -> None:
        """Put the record of before in the place of the one with this index."""
        ...

    def forget_project(self, record: ProjectRecord) -> None: ...

    def save_nodes(self, records: Mapping[str, NodeRecord]) -> Mapping[str, NodeRecord]:
        """Write them, by name; returns them with their new indices."""
        ...

    def forget_node(self, name: str) -> None: ...

    def save_failures(self, record: FailureRecord) -> FailureRecord:
        """Write it; returns it with its new index."""
        ...

    def save_growth(self, growth: Growth) -> None: ...

    def note_action(self, at: float) -> None: ...

    def make_key(self) -> bytes:
        """The cluster's key for hashing, made unless there is one."""
        ...


class Contents(Protocol):
    def read(self, file: File, node: str) -> bytes:
        """What is in a config or secret now, as this node would get it. InputError: it cannot be read."""
        ...


class Catalogue(Protocol):
    def remembered(self, nodes: Iterable[str]) -> Mapping[str, CatalogueView]:
        """What Consul knows of these nodes; a node that it does not know is not alive."""
        ...

    def servers(self) -> Mapping[str, bool]:
        """The servers that have a vote, by the names of their nodes, and whether they are alive."""
        ...

    def strike(self, node: str) -> None:
        """Take a node out: its agent, its vote, its entries. Nothing happens where there is none of it."""
        ...


class Lock(Protocol):
    def hold(self, command: str) -> AbstractContextManager[None]:
        """The right to change things; LockHeldError names who has it."""
        ...

    def is_lost(self) -> bool:
        """True if it was held and the right is gone."""
        ...


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch."""
        ...


class Reporter(Protocol):
    """Says what goes on, to whoever watches."""

    def planned(self, plan: Plan) -> None: ...

    def warned(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """`pause` lets so many seconds pass, or fewer when the user wants an end."""

    inventory: Inventory
    observer: Observer
    actuator: Actuator
    store: Store
    catalogue: Catalogue
    clock: Clock
    teller: Reporter
    contents: Contents
    pause: Callable[[float], object]
