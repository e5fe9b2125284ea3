"""The problems of a node, which keep it from being used."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrate.model.observed.node import ObservedNode


def problems(node: ObservedNode) -> Iterator[str]:
    """Yield the faults of a node, in the words of a person; a host that stands by needs no part to be sound."""
    if not node.answered:
        yield node.answer.detail or "does not answer"
        return
    if stands_by(node):
        return
    parts = {"engine": node.engine, "network": node.network, "Consul agent": node.consul}
    if not node.node.runs_containers:
        del parts["engine"]
    if node.node.proxies:
        parts["proxy"] = node.proxy
    for name, part in parts.items():
        if not part.is_sound:
            yield "; ".join(part.problems) or f"{name} {part.state}"


def stands_by(node: ObservedNode) -> bool:
    return node.node.stands_by and not node.node.runs_containers
