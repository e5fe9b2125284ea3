"""`provision`: nodes are made of bare hosts by playbooks/provision.yml, as it is."""

from __future__ import annotations

from orchestrate.adapters import shipped
from orchestrate.adapters.ansible.run import Run
from orchestrate.commands.session import Session


def provision(session: Session) -> Run:
    """Run the playbook with the inventory's settings.

    An inventory without nodes is an error; to a playbook it is one with nothing to do.
    """
    _ = session.inventory.nodes
    return session.run(shipped.playbooks() / "provision.yml", session.options.limit)
