"""Dead nodes are given up: nobody waits for them any more, nor for what was on them."""

from __future__ import annotations

from orchestrate.commands.converge import converge
from orchestrate.commands.desired_state import projects_of
from orchestrate.commands.look import look
from orchestrate.commands.session import Session
from orchestrate.cycle.snapshot import see
from orchestrate.model.report import CycleReport
from orchestrate.planner.nodes.forgetting import Loss, loss_of, with_loss


def foreseen(session: Session, name: str) -> Loss:
    """Return the loss that forgetting the node would mean. InputError: it is not dead."""
    view = look(session)
    return loss_of(name, view.projects, view.observed)


def forgotten(session: Session, name: str) -> CycleReport:
    """Write it down, take the node out of Consul, and start elsewhere what it held.

    The mark stays in the journal until the node is back: then what was superseded stops there first. That its
    data was given up stays there for longer.
    """
    with session.connected() as here, here.lock.hold(session.command):
        journal = here.ports.store.read()
        observed = see(here.ports, journal, here.fresh(journal))
        loss = loss_of(name, projects_of(journal), observed)
        record = journal.marked([name], "forgotten").nodes[name]
        record = with_loss(record, loss.volumes, here.ports.clock.now())
        here.ports.store.save_nodes({name: record})
        here.ports.catalogue.remove_node(name)
    return converge(session)
