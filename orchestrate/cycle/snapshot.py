"""What is seen of the cluster: what the nodes said, joined with what the journal and Consul know of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from orchestrate.cycle.standby import split_standby, with_record
from orchestrate.model.journal import Journal, NodeRecord
from orchestrate.model.node import Availability, Node
from orchestrate.model.observed import Observed, ObservedNode
from orchestrate.model.spec import Project
from orchestrate.planner.nodes.forgetting import still_given_up
from orchestrate.planner.nodes.leaving import mask_renamed
from orchestrate.planner.outcomes.failures import failed_lately
from orchestrate.planner.placement.traits import asked_variables
from orchestrate.ports import Ports, Remembered


def see(ports: Ports, journal: Journal, seen: Iterable[ObservedNode]) -> Observed:
    """Join what the nodes said with what the journal and the catalogue know of what they did not say.

    Nodes of the journal that the inventory no longer has are asked as well, if they were not yet.
    """
    now, said = ports.clock.now(), tuple(seen)
    absent = journal.absent(node.name for node in said if not node.node.is_leaving)
    given_up = _given_up(ports, journal, absent)
    known = {node.name for node in said}
    unasked = [one for one in absent if one.name not in given_up | known]
    said = (*said, *(ports.cluster.ask(unasked) if unasked else ()))
    said = tuple(mask_renamed(node, said) for node in said)
    failed = failed_lately(journal.failures.starts, now)
    nodes = tuple(
        replace(_with_journal(node, journal.nodes, now), failed=failed.get(node.name, {}))
        for node in said
    )
    remembered = ports.catalogue.remembered([node.name for node in nodes if _is_unread(node)])
    found = Observed(
        at=now,
        added_at=journal.growth.tried_at,
        nodes=tuple(_with_consul(node, remembered.get(node.name)) for node in nodes),
        forgotten=given_up,
        servers=ports.catalogue.servers() if any(node.is_leaving for node in nodes) else {},
    )
    return split_standby(found)


def _given_up(ports: Ports, journal: Journal, absent: Iterable[Node]) -> frozenset[str]:
    """Nobody asks for those that were forgotten, unless Consul says that one is back."""
    forgotten = [one.name for one in absent if journal.nodes[one.name].is_forgotten]
    found = ports.catalogue.remembered(forgotten)
    return frozenset(name for name in forgotten if not found[name].is_alive)


def _with_consul(node: ObservedNode, known: Remembered | None) -> ObservedNode:
    if known is None:
        return node
    if node.is_forgotten and not known.is_alive:
        return replace(node, alive_for_consul=False)
    return replace(
        node,
        availability="active" if node.is_forgotten else node.availability,
        alive_for_consul=known.is_alive,
        remembered=known.registrations,
    )


def with_variables(ports: Ports, projects: Iterable[Project], seen: Observed) -> Observed:
    """The nodes with the variables that these projects ask for."""
    names = asked_variables(projects)
    if not names:
        return seen
    found = ports.cluster.variables(names)

    def told(nodes: Iterable[ObservedNode]) -> tuple[ObservedNode, ...]:
        return tuple(
            replace(one, node=replace(one.node, variables=found.get(one.name, {}))) for one in nodes
        )

    return replace(seen, nodes=told(seen.nodes), standby=told(seen.standby))


def _is_unread(node: ObservedNode) -> bool:
    """May it hold replicas that it does not show: because it is silent, or because its engine is?"""
    return not node.answered or (node.node.runs_containers and not node.is_readable)


def _with_journal(
    node: ObservedNode, records: Mapping[str, NodeRecord], now: float
) -> ObservedNode:
    record = records.get(node.name, NodeRecord())
    since = None if node.answered else (record.unknown_since or now)
    return replace(
        with_record(node, record),
        availability=_availability(node, record),
        drained_by=record.drained_by,
        unknown_since=since,
        is_known=record.way is not None,
        given_up=still_given_up(node, record, now),
    )


def _availability(node: ObservedNode, record: NodeRecord) -> Availability:
    """What was forgotten is a node like others when it answers."""
    if node.node.is_leaving:
        return "leaving"
    return "active" if record.is_forgotten and node.answered else record.availability


def fresh(
    ports: Ports,
    journal: Journal,
    started_at: float,
    look: Callable[[], tuple[ObservedNode, ...]],
    images: Sequence[str] = (),
) -> tuple[ObservedNode, ...]:
    """What was seen, unless somebody acted since the looking began: then look again.

    Observing begins before the lock is there, so that neither has to wait for the other.
    """
    seen = look()
    return seen if journal.acted_at < started_at else ports.cluster.start_observing(images)()
