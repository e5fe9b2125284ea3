"""Nodes that do not answer. Unreachable is not dead, and many dead at once is rather the controller."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrate.errors import UnreachableError
from orchestrate.model.observed import Observed, ObservedNode
from orchestrate.model.plan import Unmet
from orchestrate.model.settings import Settings
from orchestrate.planner.sight import is_lost


def silent(observed: Observed, settings: Settings) -> Iterator[Unmet]:
    for node in observed.nodes:
        if not node.answered:
            yield Unmet(subject=node.name, reason=_what_is_known(node, observed.at, settings))


def is_controller_suspect(observed: Observed, settings: Settings) -> bool:
    """More than the set share of nodes is silent: change nothing (DESIGN.md, safety rule 2)."""
    return _share(observed) > settings.max_unknown_share


def refuse_when_suspect(observed: Observed, settings: Settings) -> None:
    """UnreachableError, before a cycle begins, when what is silent is rather the way to the nodes."""
    if is_controller_suspect(observed, settings):
        names = ", ".join(node.name for node in observed.nodes if not node.answered)
        raise UnreachableError(f"{names}: {suspicion(observed).reason}")


def suspicion(observed: Observed) -> Unmet:
    return Unmet(
        subject="controller",
        reason=f"{_share(observed):.0%} of the nodes do not answer; that is more likely the way to "
        "them than the nodes, so nothing was changed: check the network and the SSH key",
    )


def _share(observed: Observed) -> float:
    quiet = sum(not node.answered for node in observed.nodes)
    return quiet / len(observed.nodes) if observed.nodes else 0


def _what_is_known(node: ObservedNode, at: float, settings: Settings) -> str:
    said = f"does not answer ({node.detail})" if node.detail else "does not answer"
    if is_lost(node, at, settings):
        return f"{said}; lost, Consul agrees"
    if node.alive_for_consul:
        return f"{said}, but Consul sees it alive: nothing is moved"
    return f"{said}; its replicas stay its own until it is lost for {settings.lost_after_s:g} s"
