"""Hosts that become nodes, or cease to be some -> playbooks that a plan imports.

Waking a host, or using it no longer, is for the journal alone, and no play.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orchestrate.model.node_pool import AddNodes, RemoveNode
from orchestrate.model.plan import Plan, Provision, Step


def host_plays(step: Step, plan: Plan, settings_file: str) -> Iterator[dict[str, Any]]:
    """`settings_file`: where `orchestrate.yml` is, for what is said there of all hosts."""
    if any(isinstance(action, Provision) for action in step.actions):
        yield _imported(
            step.title, "orchestrate.cluster.provision", _all_hosts(plan, settings_file)
        )
    for action in step.actions:
        match action:
            case AddNodes() | RemoveNode():
                yield _imported(step.title, action.playbook, variables(action))
            case _:
                pass


def variables(action: AddNodes | RemoveNode) -> dict[str, Any]:
    """Return the variables of a playbook of the team's own."""
    if isinstance(action, RemoveNode):
        return {"orchestrate_remove": action.node}
    return {"orchestrate_add": {"count": action.count, "needed_by": list(action.needed_by)}}


def _all_hosts(plan: Plan, settings_file: str) -> dict[str, Any]:
    return {
        "provision_hosts": list(plan.hosts),
        "network_silent": list(plan.silent),
        **({"network_leaving": [node.name for node in plan.leaving]} if plan.leaving else {}),
        **({"orchestrate_settings": settings_file} if settings_file else {}),
    }


def _imported(title: str, playbook: str, given: dict[str, Any]) -> dict[str, Any]:
    return {"name": title, "ansible.builtin.import_playbook": playbook, "vars": given}
