"""Hosts that are to be nodes, and lack what makes them so: they are provisioned, and then used.

Not those that a person works on, nor those that would become Consul servers: who elects whom is not for a
cycle to change.
"""

from __future__ import annotations

from orchestrate.model.attempt import Attempt
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan, Provision
from orchestrate.model.scope import Scope
from orchestrate.planner.nodes.repairs import missing_parts
from orchestrate.planner.steps import one_step


def provisioning(observed: Observed, attempt: Attempt, scope: Scope) -> Plan:
    """The plan that makes nodes of new hosts, and nothing else: what they have room for is seen only then."""
    tried = attempt.unrepaired | attempt.provisioned
    coming = tuple(
        Provision(node=node.name, reason=_why(node))
        for node in observed.nodes
        if _is_new(node) and scope.includes(node.name) and node.name not in tried
    )
    names = {action.node for action in coming}
    known = sorted((*observed.nodes, *observed.standby), key=lambda node: node.name)
    members = {node.name for node in known if _is_member(node) and scope.includes(node.name)}
    reached = names | members
    hosts = (node for node in known if node.name in reached)
    return Plan(
        steps=one_step(f"Provision {', '.join(sorted(names))}, then plan anew", coming),
        hosts=tuple(node.name for node in hosts),
        silent=tuple(node.name for node in known if not node.answered),
        leaving=tuple(node.node for node in observed.nodes if node.node.is_leaving),
    )


def _is_new(node: ObservedNode) -> bool:
    return (
        node.node.runs_containers
        and node.answered
        and node.record.availability == "active"
        and bool(missing_parts(node))
        and not (node.node.serves_consul and node.consul.state == "absent")
    )


def _is_member(node: ObservedNode) -> bool:
    """A node that has to learn of the new ones; not one that leaves."""
    return not node.node.is_leaving and node.answered and not missing_parts(node)


def _why(node: ObservedNode) -> str:
    """An engine may be there before anything of ours is."""
    if node.network.state == node.consul.state == "absent":
        return "new in the inventory"
    return f"{', '.join(missing_parts(node))} missing"
