"""Nodes that do not answer. Unreachable is not dead, and many dead at once is rather the controller."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrate.errors import UnreachableError
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Unmet
from orchestrate.model.settings import Settings
from orchestrate.planner.snapshot import is_lost


def unreachable(observed: Observed, settings: Settings) -> Iterator[Unmet]:
    for node in observed.nodes:
        if not node.answered:
            yield Unmet(subject=node.name, reason=_what_is_known(node, observed.at, settings))


def is_controller_suspect(observed: Observed, settings: Settings) -> bool:
    """More than the set share of nodes is silent: change nothing (DESIGN.md, safety rule 2)."""
    return _share(observed) > settings.max_unknown_share


def guard(observed: Observed, settings: Settings) -> Iterator[Unmet]:
    """Why nothing at all is to be changed."""
    if is_controller_suspect(observed, settings):
        yield suspicion(observed)
    elif is_inventory_suspect(observed, settings):
        yield wrong_inventory(observed)


def refuse_when_suspect(observed: Observed, settings: Settings) -> None:
    """UnreachableError, before a cycle begins, when what is silent is rather the way to the nodes."""
    if is_controller_suspect(observed, settings):
        names = ", ".join(node.name for node in _counted(observed) if not node.answered)
        raise UnreachableError(f"{names}: {suspicion(observed).reason}")
    if is_inventory_suspect(observed, settings):
        names = ", ".join(node.name for node in observed.nodes if node.is_leaving)
        raise UnreachableError(f"{names}: {wrong_inventory(observed).reason}")


def suspicion(observed: Observed) -> Unmet:
    return Unmet(
        subject="controller",
        reason=f"{_share(observed):.0%} of the nodes do not answer; that is more likely the way to "
        "them than the nodes, so nothing was changed: check the network and the SSH key",
    )


def is_inventory_suspect(observed: Observed, settings: Settings) -> bool:
    """More than the set share of what the journal knows is not in the inventory: it is another one."""
    return _missing_share(observed) > settings.max_unknown_share


def wrong_inventory(observed: Observed) -> Unmet:
    return Unmet(
        subject="inventory",
        reason=f"{_missing_share(observed):.0%} of the nodes that the journal knows are not in this inventory; "
        "that is more likely the wrong inventory than their end, so nothing was changed: check -i. If they "
        "are to go, take them out a few at a time; give up dead ones by `orchestrate node forget`",
    )


def _missing_share(observed: Observed) -> float:
    known = [node for node in observed.nodes if node.record.is_known]
    return sum(node.is_leaving for node in known) / len(known) if known else 0


def _share(observed: Observed) -> float:
    counted = _counted(observed)
    return sum(not node.answered for node in counted) / len(counted) if counted else 0


def _counted(observed: Observed) -> list[ObservedNode]:
    """Return the nodes whose silence means something: not those that left or were forgotten."""
    return [node for node in observed.nodes if not (node.is_leaving or node.is_forgotten)]


def _what_is_known(node: ObservedNode, at: float, settings: Settings) -> str:
    said = f"does not answer ({node.answer.detail})" if node.answer.detail else "does not answer"
    if node.is_forgotten:
        return f"{said}, and was forgotten: mend it, or take it out of the inventory"
    if node.is_leaving:
        said = f"is no longer in the inventory, and {said}"
    if is_lost(node, at, settings):
        advice = (
            f": `orchestrate node forget {node.name}`, or put it back" if node.is_leaving else ""
        )
        return f"{said}; lost, Consul agrees{advice}"
    if node.may_be_alive:
        return f"{said}, but Consul sees it alive: nothing is moved"
    return f"{said}; its replicas stay its own until it is lost for {settings.lost_after_s:g} s"
