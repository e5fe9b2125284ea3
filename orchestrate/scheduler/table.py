"""The nodes as columns: what each has left, what runs there, and what holds of it.

A row is a node, in the order of names, so that of equals the lowest row is the first by name. Nothing here
is per replica but four bytes: the row of each, by service.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from orchestrate.scheduler.demand import (
    Demand,
    Mark,
    ServiceKey,
    device_mark,
    given_up_mark,
    hardware_mark,
    mounted_mark,
    port_mark,
    volume_mark,
)
from orchestrate.scheduler.traits import Identity, Traits

Mask = NDArray[np.bool_]
Counts = NDArray[np.int64]
Rows = NDArray[np.intp]
Found = TypeVar("Found")


@dataclass(slots=True)
class Table:
    """`capacity`, `free` and `foreign`, which is what those hold that are not ours: of each kind, a column.

    `traits` are distinct; `trait_of` says which a row has.
    """

    owners: tuple[Identity, ...]
    traits: tuple[Traits, ...]
    trait_of: Rows
    capacity: Mapping[str, Counts]
    free: Mapping[str, Counts]
    total: Counts
    foreign: Mapping[str, Counts]
    _rows: dict[ServiceKey, array[int]] = field(default_factory=dict)
    _marks: dict[Mark, Mask] = field(default_factory=dict)
    _known: dict[object, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    _asked: tuple[ServiceKey, Counts] | None = None
    """The service that was asked for last, and its counts: the next replica is mostly of it, too."""

    def mark(self, mark: Mark, rows: int | Rows) -> None:
        if mark not in self._marks:
            self._marks[mark] = np.zeros(len(self.names), dtype=bool)
        self._marks[mark][rows] = True

    def unmark(self, mark: Mark, rows: int | Rows) -> None:
        if mark in self._marks:
            self._marks[mark][rows] = False

    def marked(self, mark: Mark) -> Mask | None:
        """The nodes of which it holds; None where it never held of any."""
        return self._marks.get(mark)

    def holding(self, mark: Mark) -> Mask:
        """The nodes of which it holds. Not to be written to."""
        found = self._marks.get(mark)
        return np.zeros(len(self.names), dtype=bool) if found is None else found

    def rows_of(self, service: ServiceKey) -> Rows:
        """The row of each replica of the service."""
        return np.array(self._rows.get(service, ()), dtype=np.intp)

    def here(self, service: ServiceKey) -> Counts | None:
        """How many replicas of the service each node has now; None where no node has any."""
        if self._asked and self._asked[0] == service:
            return self._asked[1]
        rows = self._rows.get(service)
        if not rows:
            return None
        counts = np.bincount(np.frombuffer(rows, dtype=np.int32), minlength=len(self.names))
        self._asked = service, counts
        return counts

    def left(self, kind: str) -> Counts:
        """Return the amount that each node has left; 0 where no node has ever had any."""
        found = self.free.get(kind)
        return np.zeros(len(self.names), dtype=np.int64) if found is None else found

    def enter(self, service: ServiceKey, row: int, needs: Mapping[str, int]) -> None:
        """Count a replica in, whatever it asked for when it came."""
        self.reserve(row, needs)
        self.total[row] += 1
        self._rows.setdefault(service, array("i")).append(row)
        if self._asked and self._asked[0] == service:
            self._asked[1][row] += 1

    def reserve(self, row: int, needs: Mapping[str, int]) -> None:
        for kind, amount in needs.items():
            self.left(kind)[row] -= amount

    def enter_foreign(self, row: int, amounts: Mapping[str, int]) -> None:
        """Count in what others hold."""
        self.reserve(row, amounts)
        for kind, amount in amounts.items():
            self.foreign[kind][row] += amount

    def leave(self, service: ServiceKey, row: int, needs: Mapping[str, int]) -> None:
        for kind, amount in needs.items():
            self.left(kind)[row] += amount
        self.total[row] -= 1
        self._rows[service].remove(row)
        self._asked = None

    def book(self, demand: Demand, row: int) -> None:
        """Give the node to one replica."""
        self.enter(demand.service, row, demand.needs)
        if demand.is_alone:
            self._take(demand, row)

    def book_all(self, demand: Demand, rows: Rows) -> None:
        """Give the nodes to as many replicas; a node may stand there more than once."""
        self._asked = None
        count = np.bincount(rows, minlength=len(self.names))
        for kind, amount in demand.needs.items():
            self.left(kind)[:] -= count * amount
        self.total += count
        self._rows.setdefault(demand.service, array("i")).frombytes(rows.astype(np.int32).tobytes())
        if demand.is_alone:
            self._take(demand, rows)

    def _take(self, demand: Demand, rows: int | Rows) -> None:
        for number, protocol in demand.claims.ports:
            self.mark(port_mark(number, protocol), rows)
        for device in demand.claims.devices:
            self.mark(device_mark(*device), rows)
        for kind in demand.claims.whole:
            self.left(kind)[rows] = 0
        if demand.claims.hardware_address:
            self.mark(hardware_mark(demand.claims.hardware_address), rows)
        for name in demand.claims.volumes:
            self.mark(volume_mark(name), rows)
            self.unmark(given_up_mark(name), rows)  # from then on it is the newest
            self.mark(mounted_mark(name, demand.service), rows)

    def known(self, about: object, find: Callable[[], Found]) -> Found:
        """Cache an array that does not change while the table is used; nobody may write to it."""
        found: Found | None = self._known.get(about)
        if found is None:
            found = self._known[about] = find()
        return found

    def traits_at(self, row: int) -> Traits:
        return self.traits[int(self.trait_of[row])]

    def where(self, holds: Callable[[Traits], bool]) -> Mask:
        """The nodes whose traits are such; every kind of node is asked once."""
        found = np.fromiter(map(holds, self.traits), dtype=bool, count=len(self.traits))
        return found[self.trait_of]

    def branches(self, kind: Callable[[Traits], Hashable]) -> Rows:
        """Numbers from 0: nodes have the same where their traits are of the same kind."""
        numbers: dict[Hashable, int] = {}
        found = [numbers.setdefault(kind(one), len(numbers)) for one in self.traits]
        return np.array(found, dtype=np.intp)[self.trait_of]


def open_table(
    owners: Sequence[Identity], traits: Iterable[Traits], capacity: Mapping[str, Sequence[int]]
) -> Table:
    """An empty cluster. `owners` are sorted by name; `capacity` has of each kind a column."""
    numbers: dict[Traits, int] = {}
    trait_of = [numbers.setdefault(one, len(numbers)) for one in traits]
    most = {kind: np.array(column, dtype=np.int64) for kind, column in capacity.items()}
    return Table(
        owners=tuple(owners),
        names=tuple(one.name for one in owners),
        traits=tuple(numbers),
        trait_of=np.array(trait_of, dtype=np.intp),
        capacity=most,
        free={kind: column.copy() for kind, column in most.items()},
        foreign={kind: np.zeros_like(column) for kind, column in most.items()},
        total=np.zeros(len(owners), dtype=np.int64),
    )
