"""A whole plan, as the product makes it: `reconcile`, and what it says as a playbook on the disk (fsync).

The cluster has ten replicas a node: applications of ten services with ten replicas each.
"""

from __future__ import annotations

import time
from collections import defaultdict

from orchestrate.model.desired import Desired
from orchestrate.model.network import Policy
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan, SetPolicy, StartReplica
from orchestrate.planner.reconcile import reconcile
from orchestrate.render.playbook import playbook
from orchestrate.render.plays import plays
from tests.bench.figures import GIB_MB, Figures, Writer, peak_mb
from tests.builders import (
    GIB,
    IMAGE,
    NOW,
    container_of,
    node,
    observed,
    project,
    registration_of,
    reserved,
    service,
)
from tests.observed import altered, silent

_ALIKE = 10
"""Services of an application, and replicas of a service."""


def first(nodes: int, most_s: float) -> Figures:
    seen, desired = _cluster(nodes), _desired(nodes)
    plan, decided_s = _timed(desired, seen)
    assert len(plan.starts) == _ALIKE * nodes
    return _figures(plan, decided_s, most_s)


def nothing_to_do(nodes: int, most_s: float) -> Figures:
    desired, seen = _running(nodes)
    plan, decided_s = _timed(desired, seen)
    assert (plan.steps, plan.unmet) == ((), ())
    return _figures(plan, decided_s, most_s)


def lost(nodes: int, most_s: float) -> Figures:
    desired, seen = _running(nodes)
    plan, decided_s = _timed(desired, _without_the_first(seen))
    _assert_only_its_replicas_start(plan, seen)
    return _figures(plan, decided_s, most_s)


def at_all(nodes: int, most_s: float) -> Figures:
    """All three, decided only: such a playbook is read by nobody."""
    desired = _desired(nodes)
    plan, first_s = _timed(desired, _cluster(nodes))
    seen = _carried_out(_cluster(nodes), plan)
    plan, again_s = _timed(desired, seen)
    assert (plan.steps, plan.unmet) == ((), ())
    plan, lost_s = _timed(desired, _without_the_first(seen))
    _assert_only_its_replicas_start(plan, seen)
    times = (first_s, again_s, lost_s)
    said = "first {:.2f} s, nothing to do {:.2f} s, a node lost {:.2f} s".format(*times)
    is_reached = max(times) <= most_s and peak_mb() <= GIB_MB
    return Figures(f"  {said}  ({peak_mb():.0f} MB)", is_reached)


def _figures(plan: Plan, decided_s: float, most_s: float) -> Figures:
    started = time.perf_counter()
    with Writer() as disk:
        disk.write([playbook(plays(plan))])
    written_s = decided_s + time.perf_counter() - started
    return Figures(f"{decided_s:9.2f} s  {written_s:9.2f} s", is_reached=decided_s <= most_s)


def _timed(desired: Desired, seen: Observed) -> tuple[Plan, float]:
    started = time.thread_time()
    plan = reconcile(desired, seen)
    return plan, time.thread_time() - started


def _running(nodes: int) -> tuple[Desired, Observed]:
    desired, empty = _desired(nodes), _cluster(nodes)
    return desired, _carried_out(empty, reconcile(desired, empty))


def _desired(nodes: int) -> Desired:
    services = [
        service(
            name=f"s{number}",
            replicas=_ALIKE,
            expose=(8080,),
            resources=reserved(memory=(number + 1) * GIB // 100, cpus=0.1),
        )
        for number in range(_ALIKE)
    ]
    names = (f"app{number:04}" for number in range(nodes // _ALIKE))
    return Desired(projects=tuple(project(*services, name=name) for name in names))


def _cluster(nodes: int) -> Observed:
    peers = frozenset(map(_name, range(nodes)))
    return observed(*(_node(number, peers) for number in range(nodes)))


def _name(number: int) -> str:
    return f"n{number:05}"


def _node(number: int, peers: frozenset[str]) -> ObservedNode:
    subnet = f"10.{number >> 8}.{number & 255}"
    return node(
        name=_name(number),
        peers=peers,
        memory=64 * GIB,
        cpus=64,
        labels={"zone": f"z{number % 3}"},
        subnet=f"{subnet}.0/24",
        gateway=f"{subnet}.1",
        policy=Policy(),
    )


def _carried_out(seen: Observed, plan: Plan) -> Observed:
    """What would be seen when all of a first plan is done."""
    starts: dict[str, list[StartReplica]] = defaultdict(list)
    for start in plan.starts:
        starts[start.node].append(start)
    told = {one.node: one.policy for one in plan.actions if isinstance(one, SetPolicy)}
    nodes = (_with(one, starts[one.name], told.get(one.name, Policy())) for one in seen.nodes)
    return observed(*nodes)


def _with(one: ObservedNode, starts: list[StartReplica], policy: Policy) -> ObservedNode:
    there = [(start.replica, start.address) for start in starts]
    return altered(
        one,
        policy=policy,
        tags=frozenset({IMAGE}),
        addresses=frozenset(address for _, address in there),
        containers=tuple(container_of(replica, address=address) for replica, address in there),
        registrations=tuple(
            registration_of(replica, address=address) for replica, address in there
        ),
    )


def _without_the_first(seen: Observed) -> Observed:
    gone, *others = seen.nodes
    dead = silent(
        gone.node,
        alive_for_consul=False,
        unknown_since=NOW - 3600,
        remembered=gone.consul.registrations,
    )
    return observed(dead, *others)


def _assert_only_its_replicas_start(plan: Plan, seen: Observed) -> None:
    there = {one.id for one in seen.nodes[0].consul.registrations}
    assert {start.replica.name for start in plan.starts} == there
    assert all(isinstance(one, StartReplica | SetPolicy) for one in plan.actions)
