"""An observed node -> what of it decides who may run there, whatever runs there already."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from orchestrate.model.node_key import VARIABLE_PREFIX
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.spec.project import Project
from orchestrate.scheduler.traits import Identity, Traits


def traits_of(node: ObservedNode, *, is_unmended: bool = False) -> Traits:
    """`is_unmended`: this cycle tried in vain to mend a part of the node."""
    return Traits(
        shut=_why_shut(node, is_unmended=is_unmended),
        labels=tuple(sorted(node.node.labels.items())),
        engine_labels=tuple(sorted(node.engine.labels.items())),
        variables=tuple(sorted(node.node.variables.items())),
        groups=node.node.groups,
        role="manager" if node.node.serves_consul else "worker",
        os=node.capacity.platform.get("os", ""),
        arch=node.capacity.platform.get("arch", ""),
        engine=_first_number(node.engine.version),
    )


def asked_variables(projects: Iterable[Project]) -> frozenset[str]:
    """The names of the inventory's variables that constraints and preferences ask for."""
    deploys = [service.deploy for project in projects for service in project.services]
    keys = chain(
        (constraint.key for deploy in deploys for constraint in deploy.constraints),
        (key for deploy in deploys for key in deploy.preferences),
    )
    return frozenset(
        key.removeprefix(VARIABLE_PREFIX) for key in keys if key.startswith(VARIABLE_PREFIX)
    )


def identity_of(node: ObservedNode) -> Identity:
    return Identity(node.name, node.node.address)


def _first_number(version: str) -> int:
    number = version.partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def _why_shut(node: ObservedNode, *, is_unmended: bool) -> str:
    """A proxy that cannot be mended keeps nobody from running there."""
    parts = (("network", node.network), ("Consul agent", node.consul))
    if not node.node.runs_containers:
        return "runs no containers"
    if is_unmended and not all(part.is_sound for _, part in parts):
        return "could not be mended"
    absent = [name for name, part in parts if part.state == "absent"]
    if absent:
        return f"not provisioned ({' and '.join(absent)} missing)"
    return "" if node.record.availability == "active" else node.record.availability
