"""Everything that a command does, without a terminal."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from orchestrate.adapters import files, shipped
from orchestrate.adapters.ansible.process import Watch, run_playbook
from orchestrate.adapters.ansible.run import Run
from orchestrate.adapters.clock import SystemClock
from orchestrate.adapters.consul.catalogue import ConsulCatalogue
from orchestrate.adapters.consul.lock import break_lock
from orchestrate.adapters.runs import Runs, default_root
from orchestrate.commands.deploy import Proposal, carried_out, proposed
from orchestrate.commands.desired_state import desired_of, projects_of
from orchestrate.commands.projects import removed, with_record
from orchestrate.commands.session import OpenSession, Session
from orchestrate.cycle.planning import Planning
from orchestrate.cycle.run import run_cycle
from orchestrate.cycle.snapshot import see, with_variables
from orchestrate.errors import LockHeldError, SettingsError
from orchestrate.model.attempt import Attempt
from orchestrate.model.journal import Journal
from orchestrate.model.node import Availability
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan
from orchestrate.model.report import CycleReport
from orchestrate.model.scope import Scope
from orchestrate.model.spec import Project
from orchestrate.planner.containers.images import to_resolve
from orchestrate.planner.nodes.quorum import why_needed
from orchestrate.planner.nodes.unreachable import refuse_when_suspect
from orchestrate.spec import Loaded, Request, read


def load_files(
    names: Sequence[str], environment: Mapping[str, str], request: Request | None = None
) -> Loaded:
    """The project of these Compose files, or SpecError with everything that is wrong with them."""
    asked = replace(request or Request(), read_file=files.read_further)
    documents = files.read_documents(names)
    with _uncollected():
        return read(documents, environment, files.directory(names), asked)


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is read holds no circles: to look for some, over and over, takes a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a look at the cluster shows: `projects` are the deployed ones."""

    projects: tuple[Project, ...]
    observed: Observed


_UNMARKED: Mapping[str, Availability] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What one command asks of its cluster; `command` is how others see it while it holds the lock.

    `rebalances`: even out what runs well, too. `insists`: add nodes, however short ago that failed.
    """

    link: Session
    command: str
    rebalances: bool = False
    insists: bool = False

    def plan(
        self, loaded: Loaded | None, marked: Mapping[str, Availability] = _UNMARKED
    ) -> tuple[Plan, str]:
        """The plan, and the playbook that it is. Changes nothing, nor what is deployed.

        `marked` are nodes to be looked at as if that were their availability.
        """
        with self.link.connected(_images(loaded)) as here:
            plan = self._proposed(here, loaded).plan if loaded else self._planned(here, marked)
            return plan, here.text(plan)

    def converge(self, loaded: Loaded | None) -> CycleReport:
        """One cycle; with a file, that file becomes its project's desired state first."""
        with self.link.connected(_images(loaded)) as here, here.lock.hold(self.command):
            if loaded:
                finish = partial(self._finished, here)
                return carried_out(here, self._proposed(here, loaded), finish)
            journal = here.ports.store.read()
            return self._finished(here, journal, here.fresh(journal))

    def down(self, name: str, *, purge: bool) -> CycleReport:
        with self.link.connected() as here, here.lock.hold(self.command):
            journal = here.ports.store.read()
            seen = here.fresh(journal)
            record = removed(journal, name, purge=purge, seen=seen)
            record = here.ports.store.save_project(record)
            return self._finished(here, with_record(journal, record), seen)

    def look(self) -> Picture:
        with self.link.connected() as here:
            journal = here.ports.store.read()
            projects = projects_of(journal)
            observed = see(here.ports, journal, here.look())
            observed = with_variables(here.ports, projects, observed)
            return Picture(projects=projects, observed=observed)

    def provision(self) -> Run:
        """Run playbooks/provision.yml as it is, with the inventory's settings.

        An inventory without nodes is an error; to a playbook it is one with nothing to do.
        """
        _ = self.link.inventory.nodes
        return self.run(shipped.playbooks() / "provision.yml", self.link.options.limit)

    def run(self, playbook: Path, limit: str) -> Run:
        """Run a playbook as `ansible-playbook` would, on the hosts that the pattern `limit` names."""
        runs = Runs(root=default_root(), clock=SystemClock())
        with runs.new(playbook.stem) as directory:
            options = replace(self.link.options, limit=limit)
            watch = Watch(on_event=self.link.on_event, is_cancelled=self.link.stopped.is_set)
            return run_playbook(playbook, options, directory, watch)

    def why_needed(self, name: str) -> str:
        """Why Consul could not do without this node now; empty: it could."""
        servers = [node.name for node in self.link.inventory.nodes if node.serves_consul]
        with self.link.reached() as access:
            return why_needed(name, servers, ConsulCatalogue(access=access).servers())

    def unlock(self) -> str | None:
        """Who held the lock; None: nobody."""
        with self.link.reached() as access:
            return break_lock(access)

    def _proposed(self, here: OpenSession, loaded: Loaded) -> Proposal:
        return proposed(here, loaded, partial(self._planning, here))

    def _planned(self, here: OpenSession, marked: Mapping[str, Availability]) -> Plan:
        journal = here.ports.store.read()
        seen = here.fresh(journal)
        for name, availability in marked.items():
            journal = journal.marked([name], availability)
        observed = see(here.ports, journal, seen)
        refuse_when_suspect(observed, self.link.settings)
        return self._planning(here, journal).plan(observed, Attempt())[0]

    def _finished(
        self, here: OpenSession, journal: Journal, seen: tuple[ObservedNode, ...]
    ) -> CycleReport:
        report = run_cycle(self._planning(here, journal), journal, seen)
        if report.was_stopped and here.lock.is_lost():
            raise LockHeldError(_LOST)
        return report

    def _planning(self, here: OpenSession, journal: Journal) -> Planning:
        return Planning(
            ports=here.ports,
            desired=desired_of(journal, self.link.settings),
            scope=self._scope(),
            key=journal.key,
        )

    def _scope(self) -> Scope:
        limit = (
            self.link.inventory.hosts(self.link.options.limit) if self.link.options.limit else None
        )
        if limit == []:
            raise SettingsError(f"--limit {self.link.options.limit!r} matches no host")
        return Scope(
            limit=None if limit is None else frozenset(limit),
            rebalances=self.rebalances or self.link.settings.rebalance,
            insists=self.insists,
        )


_LOST = (
    "this cycle lost the lock: somebody took it away, or Consul was out of reach; "
    "it stopped before the end: run it again to go on from there"
)


def _images(loaded: Loaded | None) -> Sequence[str]:
    return to_resolve(loaded.data) if loaded else ()
