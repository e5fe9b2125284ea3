"""Draft: a plan in the making. Stages read what is given and add steps and what stays unmet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, auto
from itertools import chain

from orchestrate.model.attempt import Attempt
from orchestrate.model.desired import Desired
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Action, Plan, ProxyConfiguration, Replica, Step, Unmet
from orchestrate.model.scope import Scope
from orchestrate.planner.gateway.routes import NO_ROUTES
from orchestrate.planner.placement.ledger import Ledger, open_ledger
from orchestrate.planner.services.work import Work
from orchestrate.planner.steps import Unit, numbered, one_step, unit_steps, within


class Section(IntEnum):
    """The parts of a plan, in the order in which they are carried out."""

    SUPERSEDED = auto()
    PROVISIONING = auto()
    REPAIRS = auto()
    PEERS = auto()
    IMAGES = auto()
    REGISTRATIONS = auto()
    POLICY = auto()
    REPLICAS = auto()
    PROXIES = auto()
    STOPS = auto()
    PREEMPTION = auto()
    POLICY_AFTERWARDS = auto()
    VOLUMES = auto()
    DEPARTURES = auto()
    POOL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The configuration that the proxies are to have, and the routes and ports that it cannot have."""

    configuration: ProxyConfiguration = NO_ROUTES
    unmet: tuple[Unmet, ...] = ()


@dataclass(slots=True, kw_only=True)
class Draft:
    """`observed` has its nodes sorted by name. The scope is applied here, and to every step alike.

    `plan` holds what a plan says besides its steps. `pending` are the replicas that fit on no node, and
    might fit on another one. `is_complete`: no later stage has anything to add.
    """

    desired: Desired
    observed: Observed
    attempt: Attempt
    scope: Scope
    works: tuple[Work, ...] = ()
    plan: Plan = field(default_factory=Plan)
    pending: tuple[Replica, ...] = ()
    unmet: list[Unmet] = field(default_factory=list)
    gateway: Gateway = field(default_factory=Gateway)
    is_complete: bool = False
    _ledger: Ledger | None = None
    _sections: dict[Section, tuple[Step, ...]] = field(default_factory=dict)

    @property
    def repairable(self) -> list[ObservedNode]:
        """The nodes without those that this cycle could not repair."""
        return [node for node in self.observed.nodes if node.name not in self.attempt.unrepaired]

    @property
    def ledger(self) -> Ledger:
        """The one that this plan's placements are booked in."""
        if self._ledger is None:
            self._ledger = self.open_ledger()
        return self._ledger

    def open_ledger(self) -> Ledger:
        """A ledger of the nodes as they are now."""
        wanted = frozenset(
            (project.name, service.name)
            for project in self.desired.projects
            for service in project.services
        )
        proxied = [port.published for port in self.gateway.configuration.ports]
        strategy = self.desired.settings.strategy
        unrepaired = self.attempt.unrepaired
        return open_ledger(self.observed.nodes, wanted, unrepaired, proxied, strategy)

    def add(self, section: Section, steps: Iterable[Step]) -> None:
        known = self._sections.get(section, ())
        self._sections[section] = (*known, *within(self.scope, steps))

    def add_step(self, section: Section, title: str, actions: Iterable[Action]) -> None:
        self.add(section, one_step(title, actions))

    def add_units(self, section: Section, verb: str, units: Sequence[Unit]) -> None:
        """Under a limit a slot is changed as a whole or not at all: half a replacement would lose a replica."""
        self.add(section, unit_steps(verb, [one for one in units if self.scope.covers(one.nodes)]))

    def steps(self, *sections: Section) -> Iterator[Step]:
        """The steps of these sections, or of all, in the order in which they are carried out."""
        yield from chain.from_iterable(
            self._sections.get(section, ()) for section in sections or Section
        )

    def finished(self) -> Plan:
        return replace(self.plan, steps=tuple(numbered(self.steps())), unmet=tuple(self.unmet))
