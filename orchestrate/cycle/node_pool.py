"""Nodes that come and go by themselves, as the journal keeps it: a cycle that is killed is gone on with.

What is to be tried is written down before it is, so that it is not tried over and over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath

from orchestrate.model.journal import Journal, NodeRecord
from orchestrate.model.node_pool import AddNodes, ReleaseNode, RemoveNode, WakeNode
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.plan import Plan, Provision, Step
from orchestrate.model.report import Failure, Outcome
from orchestrate.model.spec.project import Project
from orchestrate.planner.nodes.pool.resize import resizes
from orchestrate.planner.nodes.pool.shrink import is_empty
from orchestrate.ports.clock import Clock
from orchestrate.ports.inventory import Inventory
from orchestrate.ports.ports import Ports
from orchestrate.ports.store import Store

_Ours = Iterable[tuple[Step, AddNodes | RemoveNode]]


def begin(plan: Plan, ports: Ports) -> bool:
    """Write down what is about to be tried; False: nothing of that kind is."""
    if not resizes(plan):
        return False
    store = ports.store
    journal, now = store.read(), ports.clock.now()
    begun: dict[str, NodeRecord] = {}
    for action in plan.actions:
        if isinstance(action, AddNodes):
            before = tuple(node.name for node in ports.inventory.nodes)
            growth = replace(journal.growth, tried_at=now, count=action.count, before=before)
            store.save_growth(growth)
        elif isinstance(action, WakeNode | ReleaseNode | RemoveNode):
            record = journal.nodes.get(action.node, NodeRecord())
            begun[action.node] = _begun(action, record, now)
    store.save_nodes(begun)
    return True


def _begun(
    action: WakeNode | ReleaseNode | RemoveNode, record: NodeRecord, now: float
) -> NodeRecord:
    match action:
        case WakeNode():
            return replace(record, added="woken", empty_since=None, tried_at=None)
        case ReleaseNode():
            return _resting(record)
        case RemoveNode():
            return replace(record, tried_at=now)


def _resting(record: NodeRecord) -> NodeRecord:
    """A made node is drained, so that nothing comes while it is taken away."""
    if record.added == "made":
        return replace(record, availability="draining")
    return replace(record, added="", empty_since=None)


def finish(plan: Plan, outcome: Outcome, ports: Ports) -> Outcome:
    """Take in what playbooks of the team have changed in the inventory, and say what they have not."""
    ours = tuple(
        (step, action)
        for step in plan.steps
        for action in step.actions
        if isinstance(action, AddNodes | RemoveNode)
    )
    if not ours:
        return outcome
    ports.inventory.refresh()
    missed = (*_made(ours, ports), *_removed(ours, ports))
    if not (missed and outcome.is_ok):
        return outcome
    failed = {failure.step for failure in missed}
    completed = tuple(title for title in outcome.completed if title not in failed)
    return replace(outcome, completed=completed, failures=missed)


def is_unfinished(journal: Journal) -> bool:
    """True if a cycle was killed while nodes were made."""
    return journal.growth.before is not None


def adopt(inventory: Inventory, store: Store) -> list[str]:
    """Mark the nodes that are new since a playbook began to make some as made, and return them.

    Where more are new than were to be made, some are a person's, and none of them is ever to be taken away.
    """
    journal = store.read()
    before = journal.growth.before or ()
    nodes = (node for node in inventory.nodes if node.runs_containers)
    new = [node.name for node in nodes if node.name not in before]
    if len(new) <= journal.growth.count:
        records = ((name, journal.nodes.get(name, NodeRecord())) for name in new)
        made = {name: replace(record, added="made", empty_since=None) for name, record in records}
        store.save_nodes(made)
    store.save_growth(replace(journal.growth, before=None))
    return new


def _made(ours: _Ours, ports: Ports) -> Iterable[Failure]:
    for step, action in ours:
        if isinstance(action, AddNodes) and not adopt(ports.inventory, ports.store):
            said = "it ended, and the inventory has no new host that `nodes` matches"
            yield _failure(step, action, said)


def _removed(ours: _Ours, ports: Ports) -> Iterable[Failure]:
    """Forget the nodes that are gone, as if a person had asked for that."""
    left = {node.name for node in ports.inventory.nodes}
    for step, action in ours:
        if not isinstance(action, RemoveNode):
            continue
        if action.node in left:
            yield _failure(step, action, f"it ended, and {action.node} is still in the inventory")
            continue
        record = ports.store.read().nodes.get(action.node, NodeRecord())
        ports.store.save_nodes({action.node: _forgotten(record)})
        ports.catalogue.remove_node(action.node)


def _forgotten(record: NodeRecord) -> NodeRecord:
    return NodeRecord(
        availability="forgotten",
        way=record.way,
        given_up=record.given_up,
        given_up_at=record.given_up_at,
        index=record.index,
    )


def _failure(step: Step, action: AddNodes | RemoveNode, said: str) -> Failure:
    """The playbook runs on the controller."""
    task = PurePath(action.playbook).name
    return Failure(node="localhost", task=task, message=said, step=step.title, action=action)


def put_back(plan: Plan, failed: frozenset[str], store: Store, clock: Clock) -> bool:
    """A host that was woken and cannot be made a node stands by again, and is not tried at once."""
    tried = {action.node for action in plan.actions if isinstance(action, Provision)} & failed
    if not tried:
        return False
    records = store.read().nodes
    woken = [name for name in tried if records.get(name, NodeRecord()).added == "woken"]
    now = clock.now()
    store.save_nodes({name: replace(records[name], added="", tried_at=now) for name in woken})
    return bool(woken)


def note_emptiness(projects: Iterable[Project], observed: Observed, store: Store) -> None:
    """Since when the added nodes have nothing to do."""
    wanted = tuple(projects)
    added = [node for node in observed.nodes if node.record.added]
    since = {
        node.name: (node.record.empty_since or observed.at) if is_empty(node, wanted) else None
        for node in added
    }
    if all(since[node.name] == node.record.empty_since for node in added):
        return
    records = store.read().nodes
    store.save_nodes(
        {
            name: replace(records[name], empty_since=at)
            for name, at in since.items()
            if name in records and records[name].added and at != records[name].empty_since
        }
    )
