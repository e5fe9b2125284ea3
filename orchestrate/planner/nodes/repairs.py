"""The parts of a node that carry the replicas: engine, network, Consul agent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.model.plan import Repair, Role, Step, Unmet
from orchestrate.planner.nodes.leaving import is_emptied

_SAID: dict[Role, str] = {
    "engine": "Docker Engine",
    "network": "network",
    "consul": "Consul agent",
}
PROXY = "HAProxy"


def repairs(
    nodes: Iterable[ObservedNode], unrepaired: Collection[str] = ()
) -> tuple[tuple[Step, ...], tuple[Unmet, ...]]:
    """Steps in the order in which the parts depend on each other, and the nodes beyond repair.

    Those are the ones that were never provisioned, and the `unrepaired`, which this cycle tried in vain.
    """
    found: dict[Role, list[Repair]] = {role: [] for role in _SAID}
    bare: list[Unmet] = []
    for node in nodes:
        if node.name in unrepaired:
            reason = "could not be mended; the next cycle tries again"
            bare.append(Unmet(subject=node.name, reason=reason))
            continue
        if is_emptied(node):
            continue
        lacking = missing_parts(node)
        if lacking:
            bare.append(_not_provisioned(node, lacking))
        for role, part in _parts(node):
            if not (set(lacking) - {PROXY} or part.is_sound):
                found[role].append(Repair(node=node.name, role=role, reason=_why(role, part)))
    steps = tuple(
        Step(title=f"Repair the {_SAID[role]}", actions=tuple(actions))
        for role, actions in found.items()
        if actions
    )
    return steps, tuple(bare)


def missing_parts(node: ObservedNode) -> list[str]:
    """Return the parts that `orchestrate provision` would install on the node."""
    absent = [_SAID[role] for role, part in _parts(node) if part.state == "absent"]
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
    return "; ".join(part.problems) or f"the {_SAID[role]} is {part.state}"


def _not_provisioned(node: ObservedNode, absent: list[str]) -> Unmet:
    return Unmet(
        subject=node.name,
        reason=f"not provisioned ({', '.join(absent)} missing): run `orchestrate provision`",
    )
