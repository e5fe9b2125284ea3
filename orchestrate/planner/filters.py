"""Can a replica run on a node? Each filter answers with nothing (yes) or the reason why not.

The order is SwarmKit's (manager/scheduler/pipeline.go). `explain` counts the reasons, so that "nowhere"
always says why: "2 nodes: memory, needs 2.0 GiB".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from orchestrate.model.constraint import Constraint
from orchestrate.model.observed import ObservedNode
from orchestrate.model.plan import Replica
from orchestrate.planner.images import is_there
from orchestrate.planner.ledger import Account, mounted_volumes

Filter = Callable[[Replica, Account], str | None]
_GIB = 1 << 30


def refusal(replica: Replica, account: Account) -> str | None:
    """The first filter's reason why `replica` cannot run there; None: it can."""
    return _first_reason((*_NODE, *_ROOM), replica, account)


def is_eligible(replica: Replica, account: Account) -> bool:
    """Is it a node for this replica, whether or not there is room now?"""
    return _first_reason(_NODE, replica, account) is None


def eviction(replica: Replica, node: ObservedNode) -> str | None:
    """Why a replica that is there may not stay. A cordon and want of room are no such reasons."""
    if not node.node.runs_containers:
        return f"{node.name} no longer runs containers"
    if node.availability == "draining":
        return f"{node.name} is being drained"
    other = _other_platform(replica, node)
    if other:
        return f"{node.name} {other}"
    broken = broken_constraint(replica.service.deploy.constraints, node)
    return f"{node.name} no longer satisfies {broken}" if broken else None


def _first_reason(filters: Iterable[Filter], replica: Replica, account: Account) -> str | None:
    reasons = (check(replica, account) for check in filters)
    return next((reason for reason in reasons if reason), None)


def explain(reasons: Iterable[str]) -> str:
    counted = sorted(Counter(reasons).items(), key=lambda item: (-item[1], item[0]))
    parts = [f"{count} node{'s' if count > 1 else ''}: {reason}" for reason, count in counted]
    return "; ".join(parts) or "no node runs containers"


def broken_constraint(constraints: Iterable[Constraint], node: ObservedNode) -> str | None:
    """The first constraint, as written, that the node does not satisfy."""
    return next((str(one) for one in constraints if not _satisfies(one, node)), None)


def _satisfies(constraint: Constraint, node: ObservedNode) -> bool:
    """Swarm's meaning: whole words, without regard to case; a label that is not there is not equal."""
    has_it = constraint.value.lower() in {value.lower() for value in _values(constraint, node)}
    return has_it if constraint.operator == "==" else not has_it


def _values(constraint: Constraint, node: ObservedNode) -> Iterable[str]:
    if constraint.label is not None:
        value = node.node.labels.get(constraint.label)
        return () if value is None else (value,)
    match constraint.key:
        case "node.group":
            return node.node.groups
        case "node.hostname":
            return (node.name,)
        case key:
            return (node.platform.get(key.removeprefix("node.platform."), ""),)


def _runs_containers(_replica: Replica, account: Account) -> str | None:
    return None if account.node.node.runs_containers else "runs no containers"


def _is_active(_replica: Replica, account: Account) -> str | None:
    availability = account.node.availability
    return None if availability == "active" else availability


def _is_sound(_replica: Replica, account: Account) -> str | None:
    if account.is_unmended:
        return "could not be mended"
    broken = [
        name
        for name, part in (("network", account.node.network), ("Consul agent", account.node.consul))
        if part.state == "absent"
    ]
    return f"not provisioned ({' and '.join(broken)} missing)" if broken else None


def _platform(replica: Replica, account: Account) -> str | None:
    return _other_platform(replica, account.node)


def _other_platform(replica: Replica, node: ObservedNode) -> str | None:
    wanted = replica.service.platform
    found = f"{node.platform.get('os', '?')}/{node.platform.get('arch', '?')}"
    return f"is {found}, not {wanted}" if wanted and wanted != found else None


def _constraints(replica: Replica, account: Account) -> str | None:
    broken = broken_constraint(replica.service.deploy.constraints, account.node)
    return f"constraint {broken}" if broken else None


def _image(replica: Replica, account: Account) -> str | None:
    image, is_pulled = replica.service.image, replica.service.pull_policy != "never"
    if is_pulled or is_there(image, account.node.tags):
        return None
    return f"image {image} is not there, and pull_policy is never"


def _memory(replica: Replica, account: Account) -> str | None:
    needed = replica.service.deploy.resources.reserved_memory
    if not needed or account.memory + needed <= account.node.memory:
        return None
    return f"memory, needs {needed / _GIB:.1f} GiB"


def _cpus(replica: Replica, account: Account) -> str | None:
    needed = replica.service.deploy.resources.reserved_cpus
    if not needed or account.cpus + needed <= account.node.cpus:
        return None
    return f"CPUs, needs {needed:g}"


def _ports(replica: Replica, account: Account) -> str | None:
    taken = sorted(
        port.published
        for port in replica.service.ports
        if (port.published, port.protocol) in account.ports
    )
    return f"host port {taken[0]} is taken" if taken else None


def _most_per_node(replica: Replica, account: Account) -> str | None:
    most = replica.service.deploy.max_replicas_per_node
    here = account.replicas[replica.project, replica.service.name]
    return f"has {here} of at most {most} replicas of the service" if 0 < most <= here else None


def _volumes(replica: Replica, account: Account) -> str | None:
    """A volume has one writer: replicas of a service never share it, nor a service and its forerunner."""
    service = (replica.project, replica.service.name)
    for name in mounted_volumes(replica.config):
        if service in account.mounted.get(name, set()):
            return f"volume {name} is in use by another replica"
        if name in account.abandoned:
            return f"volume {name} is in use by a container that has to go first"
    return None


def _address(_replica: Replica, account: Account) -> str | None:
    return "no address is free" if account.free_address is None else None


_NODE: tuple[Filter, ...] = (_runs_containers, _is_sound, _is_active, _platform, _constraints)
_ROOM: tuple[Filter, ...] = (
    _image,
    _memory,
    _cpus,
    _ports,
    _most_per_node,
    _volumes,
    _address,
)
