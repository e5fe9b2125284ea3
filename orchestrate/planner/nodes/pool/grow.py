"""More nodes, where replicas fit nowhere: hosts that stand by are woken, then nodes are made.

Never on a guess: only as many as take replicas when these are placed on them, on paper, and none that could
be spared. What will be there is what the host shows, or what the settings say of nodes to be made.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from itertools import groupby

from orchestrate.model.node import Node, NodeResources
from orchestrate.model.node_pool import AddNodes, NewNode, WakeNode
from orchestrate.model.observed.answer import Answer
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Replica, Unmet
from orchestrate.model.scope import Scope
from orchestrate.model.settings import Settings, Strategy
from orchestrate.planner.placement.ledger import open_ledger
from orchestrate.planner.placement.place import place_all
from orchestrate.planner.snapshot import is_lost

_NAMED = 3
Grown = tuple[WakeNode | AddNodes, ...]


def grow(
    pending: Sequence[Replica], observed: Observed, settings: Settings, scope: Scope
) -> tuple[Grown, tuple[Unmet, ...]]:
    """Wake and add nodes for replicas that fit nowhere, or say that it is too early for another attempt."""
    if not pending or any(_may_return(node, observed, settings) for node in observed.nodes):
        return (), ()
    most = _most(observed, settings)
    picked = _picked(pending, _candidates(observed, scope), most, settings.strategy)
    made = 0
    if settings.pool.add_node and scope.is_whole:
        room = most - len(picked)
        made = _made(pending, picked, settings.pool.add_node, room, settings.strategy)
        new = [*_new_nodes(settings.pool.add_node, made)]
        picked = _needed(pending, picked, new, settings.strategy)
    if not picked and not made:
        return (), ()
    wait_s = 0 if scope.insists else _wait_s(observed, settings)
    if wait_s > 0:
        return (), (_too_early(wait_s),)
    return tuple(_actions(pending, picked, made, settings)), ()


def _may_return(node: ObservedNode, observed: Observed, settings: Settings) -> bool:
    """True if a node is unreachable but not lost: it may still have room."""
    return not node.answered and not is_lost(node, observed.at, settings)


def _candidates(observed: Observed, scope: Scope) -> Iterator[ObservedNode]:
    """Hosts that stand by, as they will be when they are nodes; what was tried in vain comes last."""
    found = [
        node
        for node in (*observed.nodes, *observed.standby)
        if node.node.stands_by
        and not node.node.runs_containers
        and node.answered
        and node.record.availability == "active"
        and not (node.node.serves_consul and node.consul.state == "absent")
        and scope.includes(node.name)
    ]
    for node in sorted(found, key=lambda one: (one.record.tried_at or 0, one.name)):
        yield dataclasses.replace(node, node=node.node.woken(), answer=_provisioned(node.answer))


def _provisioned(host: Answer) -> Answer:
    """Return the answer that the host will give once everything that a node needs runs on it."""
    return dataclasses.replace(
        host,
        answered=True,
        engine=host.engine.mended("running"),
        network=host.network.mended("ok"),
        consul=host.consul.mended("running"),
    )


def _picked(
    pending: Sequence[Replica],
    candidates: Iterator[ObservedNode],
    most: int,
    strategy: Strategy,
) -> list[ObservedNode]:
    """Pick hosts, those that take the most replicas first; each takes some that the others leave."""
    found = [(len(_taken(pending, [one], strategy)), one) for one in candidates]
    useful = sorted(
        ((alone, one) for alone, one in found if alone),
        key=lambda item: (item[1].record.tried_at or 0, -item[0], item[1].name),
    )
    picked: list[ObservedNode] = []
    best = 0
    for _, one in useful:
        count = len(_taken(pending, [*picked, one], strategy))
        if count > best and len(picked) < most:
            picked, best = [*picked, one], count
    return _needed(pending, picked, [], strategy)


def _needed(
    pending: Sequence[Replica],
    picked: Sequence[ObservedNode],
    beside: Sequence[ObservedNode],
    strategy: Strategy,
) -> list[ObservedNode]:
    """Leave out hosts that could be spared, as the others take as much."""
    needed = [*picked]
    best = len(_taken(pending, [*needed, *beside], strategy))
    for one in picked:
        others = [other for other in needed if other is not one]
        if len(_taken(pending, [*others, *beside], strategy)) == best:
            needed = others
    return needed


def _made(
    pending: Sequence[Replica],
    picked: Sequence[ObservedNode],
    new: NewNode,
    room: int,
    strategy: Strategy,
) -> int:
    made = 0
    best = len(_taken(pending, picked, strategy))
    while best < len(pending) and made < room:
        nodes = [*picked, *_new_nodes(new, made + 1)]
        count = len(_taken(pending, nodes, strategy))
        if count <= best:
            break
        made, best = made + 1, count
    return made


def _new_nodes(new: NewNode, count: int) -> Iterator[ObservedNode]:
    """Yield imagined nodes. Their names sort last, so that equally good nodes that exist come first."""
    for number in range(count):
        node = Node(
            name=f"~{number:04}",
            labels=new.labels,
            groups=new.groups,
            resources=NodeResources(capacity=new.capacity),
        )
        yield ObservedNode(node=node, answer=_provisioned(Answer()))


def _taken(
    pending: Sequence[Replica], nodes: Sequence[ObservedNode], strategy: Strategy
) -> frozenset[str]:
    """The replicas that would find a place on these nodes."""
    ledger = open_ledger(nodes, strategy=strategy)
    found: set[str] = set()
    for _, group in groupby(pending, key=lambda one: (one.project, one.service.name)):
        replicas = list(group)
        places = zip(replicas, place_all(replicas, ledger), strict=True)
        found |= {one.label for one, place in places if place.node is not None}
    return frozenset(found)


def _most(observed: Observed, settings: Settings) -> int:
    """How many more nodes there may be."""
    there = sum(node.node.runs_containers and not node.is_leaving for node in observed.nodes)
    hosts = len(observed.nodes) + len(observed.standby)
    return max(settings.pool.max_nodes - there, 0) if settings.pool.max_nodes else hosts


def _wait_s(observed: Observed, settings: Settings) -> float:
    """Return the seconds until the next attempt is due: a failure is not repeated at once."""
    tries = [node.record.tried_at for node in (*observed.nodes, *observed.standby)]
    latest = max((at for at in (observed.added_at, *tries) if at is not None), default=None)
    return 0 if latest is None else latest + settings.pool.add_again_after_s - observed.at


def _too_early(wait_s: float) -> Unmet:
    return Unmet(
        subject="nodes",
        reason=f"one more would help; the next attempt is due in {wait_s:.0f} s, or with "
        "`orchestrate converge --insist`",
    )


def _actions(
    pending: Sequence[Replica], picked: Sequence[ObservedNode], made: int, settings: Settings
) -> Iterator[WakeNode | AddNodes]:
    left = [replica.label for replica in pending]
    for number, node in enumerate(picked, start=1):
        taken = _taken(pending, picked[:number], settings.strategy)
        labels = tuple(label for label in left if label in taken)
        left = [label for label in left if label not in taken]
        reason = f"stands by; {_named(labels)} nowhere else"
        yield WakeNode(node=node.name, needed_by=labels, reason=reason)
    if made and settings.pool.add_node:
        nodes = [*picked, *_new_nodes(settings.pool.add_node, made)]
        taken = _taken(pending, nodes, settings.strategy)
        labels = tuple(label for label in left if label in taken)
        yield _add(settings.pool.add_node, made, labels)


def _add(new: NewNode, count: int, labels: tuple[str, ...]) -> AddNodes:
    reason = f"{_named(labels)} nowhere"
    return AddNodes(playbook=new.playbook, count=count, needed_by=labels, reason=reason)


def _named(labels: Sequence[str]) -> str:
    if len(labels) == 1:
        return f"{labels[0]} fits"
    if 0 < len(labels) <= _NAMED:
        return f"{', '.join(labels)} fit"
    return f"{len(labels) or 'more'} replicas fit"
