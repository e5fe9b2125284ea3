"""Hosts that are to be nodes, and lack what makes them so: they are provisioned, and then used.

Not those that a person works on, nor those that would become Consul servers: who elects whom is not for a
cycle to change.
"""

from __future__ import annotations

from orchestrate.model.desired import Desired
from orchestrate.model.observed import Observed, ObservedNode
from orchestrate.model.plan import Plan, Provision
from orchestrate.planner.nodes.repairs import missing_parts
from orchestrate.planner.steps import one_step


def provisioning(desired: Desired, observed: Observed) -> Plan:
    """The plan that makes nodes of new hosts, and nothing else: what they have room for is seen only then."""
    coming = tuple(
        Provision(node=node.name, reason=_why(node))
        for node in observed.nodes
        if _is_new(node, desired)
    )
    names = {action.node for action in coming}
    known = sorted((*observed.nodes, *observed.standby), key=lambda node: node.name)
    hosts = (node for node in known if node.name in names or _is_told(node, desired))
    return Plan(
        steps=one_step(f"Provision {', '.join(sorted(names))}, then plan anew", coming),
        hosts=tuple(node.name for node in hosts),
        silent=tuple(node.name for node in known if not node.answered),
        leaving=tuple(node.node for node in observed.nodes if node.node.is_leaving),
    )


def _is_new(node: ObservedNode, desired: Desired) -> bool:
    return (
        node.node.runs_containers
        and node.answered
        and node.availability == "active"
        and node.name not in desired.unrepaired | desired.provisioned
        and _may_be_changed(node, desired)
        and bool(missing_parts(node))
        and not (node.node.serves_consul and node.consul.state == "absent")
    )


def _is_told(node: ObservedNode, desired: Desired) -> bool:
    """A node that has to learn of the new ones; not one that leaves."""
    if node.node.is_leaving:
        return False
    return node.answered and _may_be_changed(node, desired) and not missing_parts(node)


def _may_be_changed(node: ObservedNode, desired: Desired) -> bool:
    return desired.limit is None or node.name in desired.limit


def _why(node: ObservedNode) -> str:
    """An engine may be there before anything of ours is."""
    if node.network.state == node.consul.state == "absent":
        return "new in the inventory"
    return f"{', '.join(missing_parts(node))} missing"
