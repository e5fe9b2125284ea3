"""The inputs of the planning of one service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestrate.model.observed.cluster import Observed
from orchestrate.model.plan import Replica
from orchestrate.model.scope import Scope
from orchestrate.model.settings import Settings
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.service import Service
from orchestrate.planner.containers.replica import in_slot
from orchestrate.planner.placement.ledger import Ledger
from orchestrate.planner.snapshot import ObservedReplica, Unreadable

_COMPLETES_WITHIN_S = 3600.0  # what is waited for is, for instance, the migration of a database


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceContext:
    """`replicas` are the containers of the service; every placement is booked in `ledger`.

    `first` is what slot 1 should hold. `waits_for` says why nothing of it may start yet; empty: it may.
    """

    project: Project
    service: Service
    first: Replica
    replicas: Sequence[ObservedReplica]
    observed: Observed
    hidden: Unreadable
    ledger: Ledger
    settings: Settings
    waits_for: str = ""
    scope: Scope = Scope()

    @property
    def deadline_s(self) -> float:
        """A healthcheck speaks for the first time after an interval, and is given time to start with."""
        if self.service.lifecycle.completes and not self.service.lifecycle.unattended:
            return _COMPLETES_WITHIN_S
        check = self.service.lifecycle.healthcheck
        grace_s = check.start_period_s + check.interval_s if check else 0
        return self.settings.start_deadline_s + grace_s

    def replica(self, slot: int) -> Replica:
        return in_slot(self.first, slot)
