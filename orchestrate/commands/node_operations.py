"""The operations of `maintain` on one node, carried out by the other commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from orchestrate.adapters import shipped
from orchestrate.adapters.ansible.outcome import as_failure
from orchestrate.adapters.clock import SystemClock
from orchestrate.commands.availability import drained, mark
from orchestrate.commands.converge import converge
from orchestrate.commands.look import look
from orchestrate.commands.maintain import NodeOperations, Timeout
from orchestrate.commands.session import Session
from orchestrate.errors import InputError, UnreachableError
from orchestrate.model.report import CycleReport, Failure
from orchestrate.planner.nodes.problems import problems
from orchestrate.planner.nodes.quorum import why_needed


def chosen_playbook(playbook: str | None, *, reboot: bool) -> Path:
    """Return the playbook of the work. InputError: there is none, or two."""
    if bool(playbook) == reboot:
        raise InputError("say what is to be done: either --playbook FILE or --reboot")
    file = Path(playbook) if playbook else shipped.playbooks() / "reboot.yml"
    if not file.is_file():
        raise InputError(f"{file}: no such file")
    return file


def timeout_of(session: Session, within_s: float) -> Timeout:
    return Timeout(clock=SystemClock(), stopped=session.stopped, within_s=within_s)


def operations_of(
    session: Session, playbook: Path, report: Callable[[str], None]
) -> NodeOperations:
    return NodeOperations(
        needed=partial(_needed, session),
        converge=partial(converge, session),
        drain=lambda name: drained(session, [name], None),
        clear=lambda name: drained(session, [name], 0),
        work=partial(_work, session, playbook),
        problems=partial(_problems, session),
        release=partial(_release, session),
        report=report,
    )


def _work(session: Session, playbook: Path, name: str) -> Sequence[Failure]:
    run = session.run(playbook, name)
    if run.failures:
        return [as_failure(failure) for failure in run.failures]
    if run.was_cancelled:
        return [Failure(node=name, task=playbook.name, message="it was stopped")]
    if name not in run.recap:
        return [Failure(node=name, task=playbook.name, message="it does nothing on this node")]
    return []


def _problems(session: Session, name: str) -> str:
    try:
        nodes = look(session).observed.nodes
    except UnreachableError as error:
        return str(error)
    return "; ".join(next(problems(node) for node in nodes if node.name == name))


def _needed(session: Session, name: str) -> str:
    """Why Consul could not do without this node now; empty: it could."""
    servers = [node.name for node in session.inventory.nodes if node.serves_consul]
    try:
        return why_needed(name, servers, session.voters())
    except UnreachableError as error:
        return str(error)


def _release(session: Session, name: str) -> CycleReport:
    mark(session, [name], "active")
    return converge(session)
