"""A cluster in memory: nodes, and behind each port something that serves them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from orchestrate.cycle.planning import Planning
from orchestrate.cycle.run import run_cycle
from orchestrate.model.report import CycleReport
from orchestrate.model.spec.project import Project
from orchestrate.ports.ports import Ports
from tests.fake_actuator import FakeActuator
from tests.fake_node import FakeNode
from tests.fake_ports import (
    FakeCatalogue,
    FakeClock,
    FakeContents,
    FakeInventory,
    FakeLock,
    FakeObserver,
    FakeReporter,
)
from tests.fake_store import FakeStore
from tests.planning import parted


@dataclass(slots=True)
class FakeCluster:
    """`members` are all nodes that there are, whether the inventory has them or not."""

    members: dict[str, FakeNode]
    store: FakeStore = field(default_factory=FakeStore)
    clock: FakeClock = field(default_factory=FakeClock)
    lock: FakeLock = field(default_factory=FakeLock)
    reporter: FakeReporter = field(default_factory=FakeReporter)
    contents: FakeContents = field(default_factory=FakeContents)
    inventory: FakeInventory = field(init=False)
    observer: FakeObserver = field(init=False)
    actuator: FakeActuator = field(init=False)
    catalogue: FakeCatalogue = field(init=False)

    def __post_init__(self) -> None:
        self.inventory = FakeInventory(self.members)
        self.observer = FakeObserver(self.members, self.inventory, self.clock)
        self.actuator = FakeActuator(self.members)
        self.catalogue = FakeCatalogue(self.members)

    @property
    def ports(self) -> Ports:
        return Ports(
            inventory=self.inventory,
            observer=self.observer,
            actuator=self.actuator,
            store=self.store,
            catalogue=self.catalogue,
            clock=self.clock,
            reporter=self.reporter,
            contents=self.contents,
            pause=self.clock.pause,
        )

    def converge(self, *wanted: Project, **fields: Any) -> CycleReport:
        """One cycle for these projects; `fields` are those of Desired and Scope."""
        desired, _, scope = parted(projects=wanted, **fields)
        journal = self.store.read()
        planning = Planning(ports=self.ports, desired=desired, scope=scope, key=journal.key)
        return run_cycle(planning, journal, self.observer.look())

    def running(self) -> list[str]:
        """What runs where: node, image and slot."""
        return sorted(
            f"{name} {container.config['image']} {container.slot}"
            for name, member in self.members.items()
            for container in member.containers.values()
            if container.state == "running"
        )
