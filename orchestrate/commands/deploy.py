"""A Compose file as a proposal: refused as a whole, shown by `plan`, or carried out by `deploy`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from orchestrate.commands.projects import deployed, refuse_hopeless, with_record
from orchestrate.commands.session import OpenSession
from orchestrate.cycle.planning import Planning
from orchestrate.cycle.snapshot import see
from orchestrate.errors import InputError
from orchestrate.model.attempt import Attempt
from orchestrate.model.journal import Journal, ProjectRecord
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan
from orchestrate.model.report import CycleReport
from orchestrate.planner.containers.contents import digests, used_files
from orchestrate.planner.containers.images import to_resolve
from orchestrate.planner.gateway.ports import refuse_clashes
from orchestrate.planner.nodes.unreachable import refuse_when_suspect
from orchestrate.planner.outcomes.attribution import is_untouched, withdrawn
from orchestrate.ports.ports import Ports
from orchestrate.spec import Loaded, restore, seal

Cycle = Callable[[Journal, tuple[ObservedNode, ...]], CycleReport]
_UNRESOLVED = "no registry told what its tag stands for now, so each node takes it as it finds it"


def images_of(file: Loaded | None) -> Sequence[str]:
    """Return the images whose tags the registries are asked about."""
    return to_resolve(file.data) if file else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The journal as it would be with a file's record in the place of `before`, and the plan for that.

    `seen` is what the plan was made from.
    """

    record: ProjectRecord
    before: ProjectRecord | None
    journal: Journal
    seen: tuple[ObservedNode, ...]
    plan: Plan = field(default_factory=Plan)

    @property
    def is_change(self) -> bool:
        return self.record is not self.before


def proposed(here: OpenSession, file: Loaded, planning: Callable[[Journal], Planning]) -> Proposal:
    """Return what deploying the file would do. InputError refuses a file that cannot even begin.

    A file that is deployed already is not refused: a cycle says what has become wrong with it since.
    """
    journal = here.ports.store.read()
    seen = here.fresh(journal)
    journal, file = _sealed(here.ports, journal, file)
    record = deployed(journal, file.data, seen)
    proposal = Proposal(
        record=record,
        before=journal.projects.get(record.name),
        journal=with_record(journal, record),
        seen=seen,
    )
    plan = _accepted(planning(proposal.journal), proposal)
    for image in to_resolve(record.data):
        here.ports.reporter.warned(f"{image}: {_UNRESOLVED}")
    return replace(proposal, plan=plan)


def carried_out(here: OpenSession, proposal: Proposal, cycle: Cycle) -> CycleReport:
    """Save the record, then run a cycle. A record of which nothing could begin is taken back."""
    if not proposal.is_change:
        return cycle(proposal.journal, proposal.seen)
    record = here.ports.store.save_project(proposal.record)
    report = cycle(with_record(proposal.journal, record), proposal.seen)
    if not is_untouched(report, record.name):
        return report
    if proposal.before is None:
        here.ports.store.forget_project(record)
    else:
        here.ports.store.restore_project(proposal.before, record.index)
    return withdrawn(report, record.name)


def _sealed(ports: Ports, journal: Journal, file: Loaded) -> tuple[Journal, Loaded]:
    """Add the hashes of what is in the project's files now. InputError names one that cannot be read.

    The cluster's key is made even for a plan: it has to hold the revisions that are deployed after it.
    """
    if not used_files(*file.project.services):
        return journal, file
    key = journal.key or ports.store.make_key()
    node = next(node.name for node in ports.inventory.nodes if node.runs_containers)
    hashes = digests(file.project, node, ports.contents.read, key)
    return replace(journal, key=key), seal(file, hashes)


def _accepted(planning: Planning, proposal: Proposal) -> Plan:
    name, desired = proposal.record.name, planning.desired
    observed = see(planning.ports, proposal.journal, proposal.seen)
    refuse_when_suspect(observed, desired.settings)
    if proposal.is_change:
        refuse_clashes(desired.projects, name, observed.nodes)
    plan, tried = planning.plan(observed, Attempt())
    if proposal.is_change and name in tried.failed:
        raise InputError(f"{tried.failed[name]}; nothing was changed")
    if proposal.is_change:
        refuse_hopeless(plan, restore(proposal.record.data), observed)
    return plan
