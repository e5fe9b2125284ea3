"""The inputs of a command's plan: the desired state of the journal, and the scope of its flags."""

from __future__ import annotations

from orchestrate.commands.desired_state import desired_of
from orchestrate.commands.session import OpenSession, Session
from orchestrate.cycle.planning import Planning
from orchestrate.cycle.run import run_cycle
from orchestrate.errors import LockHeldError, SettingsError
from orchestrate.model.journal import Journal
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.report import CycleReport
from orchestrate.model.scope import Scope

_LOST = (
    "this cycle lost the lock: somebody took it away, or Consul was out of reach; "
    "it stopped before the end: run it again to go on from there"
)


def planning_of(session: Session, here: OpenSession, journal: Journal) -> Planning:
    return Planning(
        ports=here.ports,
        desired=desired_of(journal, session.settings),
        scope=scope_of(session),
        key=journal.key,
    )


def scope_of(session: Session) -> Scope:
    """SettingsError when the limit matches no host."""
    pattern = session.options.limit
    limit = session.inventory.hosts(pattern) if pattern else None
    if limit == []:
        raise SettingsError(f"--limit {pattern!r} matches no host")
    return Scope(
        limit=None if limit is None else frozenset(limit),
        rebalances=session.rebalances or session.settings.rebalance,
        insists=session.insists,
    )


def cycle_of(
    session: Session, here: OpenSession, journal: Journal, seen: tuple[ObservedNode, ...]
) -> CycleReport:
    """Run one cycle. LockHeldError when the lock was lost before its end."""
    report = run_cycle(planning_of(session, here, journal), journal, seen)
    if report.was_stopped and here.lock.is_lost():
        raise LockHeldError(_LOST)
    return report
