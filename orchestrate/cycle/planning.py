"""Plan, and check that each start gets the files that were deployed: the only question a plan asks back."""

from __future__ import annotations

from dataclasses import dataclass

from orchestrate.cycle.snapshot import with_variables
from orchestrate.model.attempt import Attempt
from orchestrate.model.desired import Desired
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.plan import Plan
from orchestrate.model.scope import Scope
from orchestrate.planner.containers.contents import doubts
from orchestrate.planner.reconcile import reconcile
from orchestrate.ports.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """The inputs that stay the same while a cycle plans again. `key` is that of the cluster's hashes."""

    ports: Ports
    desired: Desired
    scope: Scope
    key: bytes | None

    def plan(self, observed: Observed, attempt: Attempt) -> tuple[Plan, Attempt]:
        """The plan, and the attempt with the projects of which a file is not as it was deployed."""
        seen = with_variables(self.ports, self.desired.projects, observed)
        while True:
            plan = reconcile(self.desired, seen, attempt, self.scope)
            changed = doubts(plan, self.ports.contents.read, self.key or b"")
            if not changed:
                return plan, attempt
            attempt = attempt.with_failed(changed)
