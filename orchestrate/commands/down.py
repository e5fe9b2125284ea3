"""`down`: a project is removed."""

from __future__ import annotations

from orchestrate.commands.planning import cycle_of
from orchestrate.commands.projects import removed, with_record
from orchestrate.commands.session import Session
from orchestrate.model.report import CycleReport


def down(session: Session, name: str, *, purge: bool) -> CycleReport:
    """Remove a project, and with `purge` its volumes, by one cycle. InputError: it is not deployed."""
    with session.connected() as here, here.lock.hold(session.command):
        journal = here.ports.store.read()
        answers = here.fresh(journal)
        record = removed(journal, name, purge=purge, seen=answers)
        record = here.ports.store.save_project(record)
        return cycle_of(session, here, with_record(journal, record), answers)
