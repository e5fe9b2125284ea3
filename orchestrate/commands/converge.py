"""`converge` and `deploy`: one cycle, for a file or for what is deployed."""

from __future__ import annotations

from functools import partial

from orchestrate.commands.deploy import carried_out, images_of, proposed
from orchestrate.commands.planning import cycle_of, planning_of
from orchestrate.commands.session import Session
from orchestrate.model.report import CycleReport
from orchestrate.spec import Loaded


def converge(session: Session, file: Loaded | None = None) -> CycleReport:
    """Run one cycle; a file becomes its project's desired state first."""
    with session.connected(images_of(file)) as here, here.lock.hold(session.command):
        if file:
            proposal = proposed(here, file, partial(planning_of, session, here))
            return carried_out(here, proposal, partial(cycle_of, session, here))
        journal = here.ports.store.read()
        return cycle_of(session, here, journal, here.fresh(journal))
