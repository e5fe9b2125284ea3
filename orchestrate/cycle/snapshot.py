"""The snapshot: the nodes' answers, joined with the journal's records and the catalogue's view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from orchestrate.cycle.standby import added, as_used, split_standby
from orchestrate.model.journal import Journal, NodeRecord
from orchestrate.model.node import Availability, Node
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.record import Record, StartKey
from orchestrate.model.spec.project import Project
from orchestrate.planner.nodes.forgetting import still_given_up
from orchestrate.planner.nodes.leaving import mask_renamed
from orchestrate.planner.outcomes.failures import failed_lately
from orchestrate.planner.placement.traits import asked_variables
from orchestrate.ports.ports import Ports


def see(ports: Ports, journal: Journal, seen: Iterable[ObservedNode]) -> Observed:
    """Join what the nodes said with what the journal and the catalogue know of what they did not say.

    Nodes of the journal that the inventory no longer has are asked as well, if they were not yet.
    """
    at, said = ports.clock.now(), tuple(seen)
    absent = journal.absent(node.name for node in said if not node.is_leaving)
    given_up = _given_up(ports, journal, absent)
    known = {node.name for node in said}
    unasked = [one for one in absent if one.name not in given_up | known]
    said = (*said, *(ports.observer.ask(unasked) if unasked else ()))
    return split_standby(
        Observed(
            at=at,
            added_at=journal.growth.tried_at,
            nodes=_joined(ports, journal, [mask_renamed(node, said) for node in said], at),
            forgotten=given_up,
            servers=ports.catalogue.servers() if any(node.is_leaving for node in said) else {},
        )
    )


def _joined(
    ports: Ports, journal: Journal, said: Iterable[ObservedNode], at: float
) -> tuple[ObservedNode, ...]:
    """Put the journal's record and the catalogue's view beside each answer.

    The catalogue is asked only about nodes that cannot be read.
    """
    used = [replace(node, node=as_used(node.node, _known(journal, node))) for node in said]
    views = ports.catalogue.remembered([node.name for node in used if _is_unread(node)])
    failed = failed_lately(journal.failures.starts, at)
    viewed = (replace(node, catalogue=views.get(node.name)) for node in used)
    return tuple(
        replace(node, record=_record(node, _known(journal, node), failed.get(node.name, {}), at))
        for node in viewed
    )


def _known(journal: Journal, node: ObservedNode) -> NodeRecord:
    return journal.nodes.get(node.name, NodeRecord())


def _given_up(ports: Ports, journal: Journal, absent: Iterable[Node]) -> frozenset[str]:
    """Return the forgotten nodes, which nobody asks unless Consul says that one is back."""
    forgotten = [one.name for one in absent if journal.nodes[one.name].is_forgotten]
    found = ports.catalogue.remembered(forgotten)
    return frozenset(name for name in forgotten if not found[name].is_alive)


def with_variables(ports: Ports, projects: Iterable[Project], seen: Observed) -> Observed:
    """The nodes with the variables that these projects ask for."""
    names = asked_variables(projects)
    if not names:
        return seen
    found = ports.inventory.node_variables(names)

    return replace(
        seen,
        nodes=tuple(_with_variables(node, found) for node in seen.nodes),
        standby=tuple(_with_variables(node, found) for node in seen.standby),
    )


def _with_variables(node: ObservedNode, known: Mapping[str, Mapping[str, str]]) -> ObservedNode:
    return replace(node, node=replace(node.node, variables=known.get(node.name, {})))


def _is_unread(node: ObservedNode) -> bool:
    """True if the node may hold replicas that it does not show, because it or its engine does not answer."""
    return not node.answered or (node.node.runs_containers and not node.is_readable)


def _record(
    node: ObservedNode, known: NodeRecord, failed: Mapping[StartKey, int], at: float
) -> Record:
    return Record(
        availability=_availability(node, known),
        drained_by=known.drained_by,
        unknown_since=None if node.answered else (known.unknown_since or at),
        is_known=known.way is not None,
        added=added(node.node, known),
        empty_since=known.empty_since,
        tried_at=known.tried_at,
        given_up=still_given_up(node, known, at),
        failed=failed,
    )


def _availability(node: ObservedNode, known: NodeRecord) -> Availability:
    """A forgotten node is like others again when it answers, or Consul sees it alive."""
    if node.is_leaving:
        return "leaving"
    is_back = node.answered or node.may_be_alive
    return "active" if known.is_forgotten and is_back else known.availability


def fresh(
    ports: Ports,
    journal: Journal,
    started_at: float,
    look: Callable[[], tuple[ObservedNode, ...]],
    images: Sequence[str] = (),
) -> tuple[ObservedNode, ...]:
    """Return the answers, or look again if somebody has acted since the look began.

    Observing begins before the lock is there, so that neither has to wait for the other.
    """
    seen = look()
    return seen if journal.acted_at < started_at else ports.observer.start(images)()
