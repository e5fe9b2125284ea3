"""The ledger: memory, CPUs, host ports and volumes that containers hold on nodes, and that a plan adds.

Only reservations count, never real usage (SwarmKit, manager/scheduler/nodeinfo.go); they are read from
the containers themselves, so that there is no second book that could disagree with the first. The book is
the scheduler's table; an account is one node's row in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from orchestrate.model.observed.container import Container
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.record import StartKey
from orchestrate.model.plan import Replica
from orchestrate.model.settings import Strategy
from orchestrate.planner.containers.images import is_there
from orchestrate.planner.outcomes.failures import by_attempt
from orchestrate.planner.placement.addresses import lendable_addresses
from orchestrate.planner.placement.capacity import kind_of
from orchestrate.planner.placement.demand import (
    demand_of,
)
from orchestrate.planner.placement.entries import enter, filled_table, leave, reserved
from orchestrate.scheduler.demand import (
    CORE,
    CPUS,
    MEMORY,
    Demand,
    ServiceKey,
    given_up_mark,
    image_mark,
    volume_mark,
)
from orchestrate.scheduler.place import is_better_elsewhere
from orchestrate.scheduler.table import Mask, Table

_TRIED = 3
"""What failed to start on so many nodes is itself at fault, and not they."""


@dataclass(slots=True)
class Trial:
    """A change of the ledger that is undone unless somebody keeps it."""

    is_kept: bool = False

    def keep(self) -> None:
        self.is_kept = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The ledger's entries of one node. An account never leaves the planner."""

    ledger: Ledger
    node: ObservedNode
    row: int
    lendable: Iterator[str]
    """The addresses that the plan may give to new containers, and has not given yet."""

    @property
    def total(self) -> int:
        return int(self.ledger.table.total[self.row])

    @property
    def memory(self) -> tuple[int, int]:
        """Return the reserved memory and the capacity, in bytes."""
        return self._held(MEMORY), self._most(MEMORY)

    @property
    def cpus(self) -> tuple[float, float]:
        """Return the reserved CPUs and the capacity, in cores."""
        return self._held(CPUS) / CORE, self._most(CPUS) / CORE

    @property
    def pieces(self) -> Mapping[str, tuple[int, int]]:
        """The same of all else that the inventory says it has, by name."""
        names = sorted(self.node.node.resources.capacity.keys() - {MEMORY, CPUS})
        return {name: (self._held(kind_of(name)), self._most(kind_of(name))) for name in names}

    def allocate_address(self) -> str:
        return next(self.lendable, "")

    def enter(self, container: Container) -> None:
        """Book a container that is there already."""
        enter(self.ledger.table, self.row, container)

    def leave(self, container: Container) -> None:
        """Book a container out: it will be gone before anything new comes. Its data stays."""
        leave(self.ledger.table, self.row, container)

    @contextmanager
    def without(self, containers: Iterable[Container]) -> Iterator[Trial]:
        """Book containers out for as long as the block lasts, or for good if the trial is kept."""
        trial, going = Trial(), tuple(containers)
        for container in going:
            self.leave(container)
        try:
            yield trial
        finally:
            if not trial.is_kept:
                for container in going:
                    self.enter(container)

    def hold(self, container: Container) -> None:
        """Book what it has reserved once more, when it has left, until it is gone for good."""
        table = self.ledger.table
        table.reserve(self.row, reserved(container, table, self.row))

    def _held(self, kind: str) -> int:
        return self._most(kind) - int(self.ledger.table.free[kind][self.row])

    def _most(self, kind: str) -> int:
        return int(self.ledger.table.capacity[kind][self.row])


class Ledger(Mapping[str, Account]):
    """The accounts by the names of their nodes, in the order of names.

    The table is filled when it is first asked for: where all is as desired, nothing asks.
    """

    def __init__(
        self, nodes: Sequence[ObservedNode], fill: Callable[[], Table], strategy: Strategy
    ) -> None:
        self._nodes = nodes
        self._fill = fill
        self._strategy: Strategy = strategy

    @cached_property
    def table(self) -> Table:
        return self._fill()

    @cached_property
    def _accounts(self) -> Mapping[str, Account]:
        return {
            node.name: Account(ledger=self, node=node, row=row, lendable=lendable_addresses(node))
            for row, node in enumerate(self._nodes)
        }

    @cached_property
    def _failed(self) -> Mapping[StartKey, Mapping[str, int]]:
        return by_attempt(self._nodes)

    def __getitem__(self, name: str) -> Account:
        return self._accounts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._accounts)

    def __len__(self) -> int:
        return len(self._nodes)

    def demand(self, replica: Replica) -> Demand:
        """Return the replica's demand.

        Where its image has to be local, the table learns which nodes have it.
        """
        attempt = replica.project, replica.service.name, replica.revision
        demand = demand_of(
            replica, self._strategy, self.table.capacity, self._failed.get(attempt, {})
        )
        if demand.image and self.table.marked(image_mark(demand.image)) is None:
            there = [is_there(demand.image, account.node.engine.tags) for account in self.values()]
            self.table.mark(image_mark(demand.image), np.flatnonzero(there))
        return demand

    def book(self, replica: Replica, name: str) -> None:
        self.table.book(self.demand(replica), self[name].row)

    def is_better_elsewhere(self, replica: Replica, name: str) -> bool:
        """True if starts failed less often on another node that takes the replica. Data stays."""
        demand = self.demand(replica)
        if name not in demand.failed or len(demand.failed) >= _TRIED or demand.claims.volumes:
            return False
        return is_better_elsewhere(self.table, demand, self[name].row)

    def only(self, name: str) -> Mask:
        mask = np.zeros(len(self), dtype=bool)
        mask[self[name].row] = True
        return mask

    def with_copy(self, volumes: Iterable[str]) -> Mask:
        """The nodes that hold any of the volumes, even if its data there was given up."""
        mask = np.zeros(len(self), dtype=bool)
        for name in volumes:
            mask |= self.table.holding(volume_mark(name))
        return mask

    def with_data(self, volumes: Iterable[str]) -> Mask:
        """The nodes that hold any of the volumes, with data that counts."""
        table, mask = self.table, np.zeros(len(self), dtype=bool)
        for name in volumes:
            mask |= table.holding(volume_mark(name)) & ~table.holding(given_up_mark(name))
        return mask

    def runs(self, service: ServiceKey) -> bool:
        """True if some node has a replica of the service."""
        return self.table.here(service) is not None


def open_ledger(
    nodes: Iterable[ObservedNode],
    wanted: Collection[ServiceKey] | None = None,
    unrepaired: Collection[str] = (),
    proxied: Collection[int] = (),
    strategy: Strategy = "spread",
) -> Ledger:
    """An account for every node that can be read. `wanted`: the services of all files, if that matters.

    `proxied` are the ports that services publish on the proxies, which may be nodes.
    """
    readable = sorted((one for one in nodes if one.is_readable), key=lambda one: one.name)
    fill = partial(filled_table, readable, wanted, unrepaired, proxied)
    return Ledger(readable, fill, strategy)
