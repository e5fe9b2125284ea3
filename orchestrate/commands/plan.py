"""`plan`: what a cycle would do, and the playbook for that. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from orchestrate.commands.deploy import images_of, proposed
from orchestrate.commands.planning import planning_of
from orchestrate.commands.session import OpenSession, Session
from orchestrate.cycle.snapshot import see
from orchestrate.model.attempt import Attempt
from orchestrate.model.node import Availability
from orchestrate.model.plan import Plan
from orchestrate.planner.nodes.unreachable import refuse_when_suspect
from orchestrate.spec import Loaded

_UNMARKED: Mapping[str, Availability] = {}


def plan(
    session: Session, file: Loaded | None, marked: Mapping[str, Availability] = _UNMARKED
) -> tuple[Plan, str]:
    """Return the plan and the text of its playbook.

    With a file the plan is for deploying that. `marked` are nodes to be planned for as if that were their
    availability.
    """
    with session.connected(images_of(file)) as here:
        if file:
            found = proposed(here, file, partial(planning_of, session, here)).plan
        else:
            found = _planned(session, here, marked)
        return found, here.text(found)


def _planned(session: Session, here: OpenSession, marked: Mapping[str, Availability]) -> Plan:
    journal = here.ports.store.read()
    answers = here.fresh(journal)
    for name, availability in marked.items():
        journal = journal.marked([name], availability)
    observed = see(here.ports, journal, answers)
    refuse_when_suspect(observed, session.settings)
    return planning_of(session, here, journal).plan(observed, Attempt())[0]
