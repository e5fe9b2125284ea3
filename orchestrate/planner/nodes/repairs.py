"""The parts of a node that carry the replicas: engine, network, Consul agent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.model.plan import Repair, Role, Step, Unmet
from orchestrate.planner.nodes.leaving import is_emptied
from orchestrate.planner.steps import one_step

_NAMES: dict[Role, str] = {
    "engine": "Docker Engine",
    "network": "network",
    "consul": "Consul agent",
}
PROXY = "HAProxy"


def repairs(
    nodes: Iterable[ObservedNode], unrepaired: Collection[str] = ()
) -> tuple[tuple[Step, ...], tuple[Unmet, ...]]:
    """Return steps in the order in which the parts depend on each other, and the nodes beyond repair.

    Those are the ones that were never provisioned, and the `unrepaired`, whose repair failed in this cycle.
    """
    staying = [node for node in nodes if node.name in unrepaired or not is_emptied(node)]
    beyond = (_beyond_repair(node, unrepaired) for node in staying)
    repairable = [node for node in staying if node.name not in unrepaired]
    actions = [repair for node in repairable for repair in _repairs(node)]
    steps = (
        one_step(f"Repair the {name}", [action for action in actions if action.role == role])
        for role, name in _NAMES.items()
    )
    return tuple(chain.from_iterable(steps)), tuple(unmet for unmet in beyond if unmet)


def _beyond_repair(node: ObservedNode, unrepaired: Collection[str]) -> Unmet | None:
    if node.name in unrepaired:
        reason = "could not be mended; the next cycle tries again"
        return Unmet(subject=node.name, reason=reason)
    absent = missing_parts(node)
    return _not_provisioned(node, absent) if absent else None


def _repairs(node: ObservedNode) -> Iterator[Repair]:
    if set(missing_parts(node)) - {PROXY}:
        return
    for role, part in _parts(node):
        if not part.is_sound:
            yield Repair(node=node.name, role=role, reason=_why(role, part))


def missing_parts(node: ObservedNode) -> list[str]:
    """Return the parts that `orchestrate provision` would install on the node."""
    absent = [_NAMES[role] for role, part in _parts(node) if part.state == "absent"]
    return absent + [PROXY] * _lacks_proxy(node)


def _parts(node: ObservedNode) -> Iterator[tuple[Role, Part]]:
    if not node.answered:
        return
    if node.node.runs_containers:
        yield "engine", node.engine
    yield "network", node.network
    yield "consul", node.consul


def _lacks_proxy(node: ObservedNode) -> bool:
    return node.answered and node.node.proxies and node.proxy.state == "absent"


def _why(role: Role, part: Part) -> str:
    return "; ".join(part.problems) or f"the {_NAMES[role]} is {part.state}"


def _not_provisioned(node: ObservedNode, absent: list[str]) -> Unmet:
    return Unmet(
        subject=node.name,
        reason=f"not provisioned ({', '.join(absent)} missing): run `orchestrate provision`",
    )
