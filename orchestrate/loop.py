"""One cycle: observe, plan, act, verify. It knows ports, not adapters.

Nothing is remembered between cycles but the journal, and a cycle may be killed after any action: the
next one starts from what it then sees. Within one cycle, plan and act repeat while there is progress,
because some things are only seen when others are mended (the containers of an engine that was down).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from orchestrate.model.journal import Journal, NodeRecord
from orchestrate.model.observed import Observed, ObservedNode
from orchestrate.model.plan import Plan
from orchestrate.model.report import CycleReport, Outcome
from orchestrate.planner.desired import Desired
from orchestrate.planner.reconcile import reconcile
from orchestrate.planner.silence import refuse_when_suspect
from orchestrate.ports import Acted, Catalogue, Clock, Cluster, Store, Teller

_ROUNDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    cluster: Cluster
    store: Store
    catalogue: Catalogue
    clock: Clock
    teller: Teller


def see(ports: Ports, journal: Journal, seen: Iterable[ObservedNode]) -> Observed:
    """Join what the nodes said with what the journal and the catalogue know of what they did not say."""
    now = ports.clock.now()
    nodes = tuple(_with_journal(node, journal.nodes, now) for node in seen)
    unread = [node.name for node in nodes if _is_unread(node)]
    remembered = ports.catalogue.remembered(unread)
    return Observed(
        at=now,
        nodes=tuple(
            replace(
                node,
                alive_for_consul=remembered[node.name].is_alive,
                remembered=remembered[node.name].registrations,
            )
            if node.name in remembered
            else node
            for node in nodes
        ),
    )


def _is_unread(node: ObservedNode) -> bool:
    """May it hold replicas that it does not show: because it is silent, or because its engine is?"""
    return not node.answered or (node.node.runs_containers and not node.is_readable)


def _with_journal(
    node: ObservedNode, records: Mapping[str, NodeRecord], now: float
) -> ObservedNode:
    record = records.get(node.name, NodeRecord())
    since = None if node.answered else (record.unknown_since or now)
    return replace(node, availability=record.availability, unknown_since=since)


def run_cycle(
    ports: Ports, desired: Desired, journal: Journal, seen: tuple[ObservedNode, ...]
) -> CycleReport:
    """Bring the cluster to `desired`, as far as it goes now. The caller holds the lock.

    UnreachableError, and nothing changed, when too many nodes are silent.
    """
    observed = see(ports, journal, seen)
    refuse_when_suspect(observed, desired.settings)
    _note_silence(ports.store, journal, observed)
    plans: list[Plan] = []
    outcomes: list[Outcome] = []
    plan = reconcile(desired, observed)
    while plan.steps and len(plans) < _ROUNDS and _is_progress(plans, plan):
        ports.teller.planned(plan)
        acted = _act(ports, plan)
        plans.append(plan)
        outcomes.append(acted.outcome)
        if acted.outcome.cancelled:
            return _report(plans, outcomes, plan, observed)
        observed = see(ports, journal, acted.seen or ports.cluster.start_observing()())
        plan = reconcile(desired, observed)
        if not acted.outcome.is_ok:
            break
    return _report(plans, outcomes, plan, observed)


def _act(ports: Ports, plan: Plan) -> Acted:
    """Noted before and after: whoever looked meanwhile has to look again."""
    ports.store.note_action(ports.clock.now())
    try:
        return ports.cluster.act(plan)
    finally:
        ports.store.note_action(ports.clock.now())


def _is_progress(plans: list[Plan], plan: Plan) -> bool:
    """The same actions again would only fail to help again."""
    return not plans or plans[-1].steps != plan.steps


def _report(
    plans: list[Plan], outcomes: list[Outcome], left: Plan, observed: Observed
) -> CycleReport:
    running = sum(
        container.state == "running" for node in observed.nodes for container in node.containers
    )
    return CycleReport(
        plans=tuple(plans),
        outcomes=tuple(outcomes),
        unmet=left.unmet,
        undone=left.steps,
        replicas=running,
        nodes=sum(node.answered for node in observed.nodes),
    )


def _note_silence(store: Store, journal: Journal, observed: Observed) -> None:
    for node in observed.nodes:
        record = journal.nodes.get(node.name, NodeRecord())
        if record.unknown_since != node.unknown_since:
            store.save_node(node.name, replace(record, unknown_since=node.unknown_since))


def fresh(
    ports: Ports, journal: Journal, started_at: float, look: Callable[[], tuple[ObservedNode, ...]]
) -> tuple[ObservedNode, ...]:
    """What was seen, unless somebody acted since the looking began: then look again.

    Observing begins before the lock is there, so that neither has to wait for the other.
    """
    seen = look()
    return seen if journal.acted_at < started_at else ports.cluster.start_observing()()
