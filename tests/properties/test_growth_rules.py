"""What holds whenever nodes are added: never on a guess, never too many."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from orchestrate.model.desired import Desired
from orchestrate.model.journal import NodeRecord
from orchestrate.model.node_pool import AddNodes, NewNode, RemoveNode, WakeNode
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan
from orchestrate.model.settings import Settings
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.service import Service
from orchestrate.planner.reconcile import reconcile
from tests.builders import (
    GIB,
    IMAGE,
    NOW,
    node,
    observed,
    project,
    published,
    reserved,
    service,
)
from tests.fake_node import FakeNode
from tests.fakes import FakeCluster
from tests.planning import settings_with
from tests.properties.clusters import bounded

_SIZES = st.integers(1, 4)
_ZONES = st.sampled_from(["a", "b"])


def _node(name: str, size: int, zone: str, *, stands_by: bool) -> ObservedNode:
    return node(
        name=name,
        memory=size * GIB,
        labels={"zone": zone},
        runs_containers=not stands_by,
        stands_by=stands_by,
    )


def _nodes(prefix: str, most: int, *, stands_by: bool) -> st.SearchStrategy[list[ObservedNode]]:
    pairs = st.lists(st.tuples(_SIZES, _ZONES), min_size=not stands_by, max_size=most)
    return pairs.map(
        lambda found: [
            _node(f"{prefix}{number}", size, zone, stands_by=stands_by)
            for number, (size, zone) in enumerate(found)
        ]
    )


def _services(name: str) -> st.SearchStrategy[Service]:
    return st.builds(
        lambda replicas, size, zone, has_port, most: service(
            name=name,
            replicas=replicas,
            resources=reserved(memory=size * GIB),
            constraints=(f"node.labels.zone == {zone}",) if zone else (),
            ports=published(8080) if has_port else (),
            max_replicas_per_node=most,
        ),
        st.integers(0, 6),
        _SIZES,
        st.sampled_from(["", "", "a", "b"]),
        st.booleans(),
        st.integers(0, 2),
    )


_PROJECTS = st.builds(project, _services("web"), _services("db"))
_SETTINGS = st.builds(
    lambda size, zone, most: settings_with(
        max_nodes=most,
        add_node=NewNode(
            playbook="/add.yml",
            capacity={"memory": size * GIB, "cpus": 8},
            labels={"zone": zone},
        ),
    ),
    _SIZES,
    _ZONES,
    st.integers(1, 8),
)
_CLUSTERS = st.builds(
    lambda nodes, standby: replace(observed(*nodes), standby=tuple(standby)),
    _nodes("n", 3, stands_by=False),
    _nodes("s", 3, stands_by=True),
)


def grown(seen: Observed, wanted: Project, settings: Settings) -> Plan:
    return reconcile(Desired(projects=(wanted,), settings=settings), seen)


def woken(plan: Plan) -> list[str]:
    return [one.node for one in plan.actions if isinstance(one, WakeNode)]


def made(plan: Plan) -> int:
    return sum(one.count for one in plan.actions if isinstance(one, AddNodes))


def hoped(plan: Plan) -> set[str]:
    actions = [one for one in plan.actions if isinstance(one, WakeNode | AddNodes)]
    return {label for one in actions for label in one.needed_by}


def pending(plan: Plan) -> set[str]:
    return {one.subject for one in plan.unmet if one.is_unplaced}


def with_hosts(seen: Observed, names: list[str], count: int, settings: Settings) -> Observed:
    """The cluster once these are nodes."""
    hosts = [
        replace(one, node=replace(one.node, runs_containers=True))
        for one in seen.standby
        if one.name in names
    ]
    assert settings.pool.add_node
    new = settings.pool.add_node
    hosts += [
        node(name=f"x{number}", labels=dict(new.labels), capacity=new.capacity)
        for number in range(count)
    ]
    idle = tuple(one for one in seen.standby if one.name not in names)
    return replace(seen, nodes=(*seen.nodes, *hosts), standby=idle)


@bounded
@given(_CLUSTERS, _PROJECTS, _SETTINGS)
def test_there_are_never_more_nodes_than_there_may_be(
    seen: Observed, wanted: Project, settings: Settings
) -> None:
    plan = grown(seen, wanted, settings)

    added = len(woken(plan)) + made(plan)
    assert not added or len(seen.nodes) + added <= settings.pool.max_nodes


@bounded
@given(_CLUSTERS, _PROJECTS, _SETTINGS)
def test_in_one_cycle_what_they_were_added_for_runs(
    seen: Observed, wanted: Project, settings: Settings
) -> None:
    plan = grown(seen, wanted, settings)
    cluster = _cluster(seen, settings)

    report = cluster.converge(wanted, settings=settings)

    still = {one.subject for one in report.unmet if one.is_unplaced}
    assert still == pending(plan) - hoped(plan)
    assert len(cluster.members) == len(seen.nodes) + len(seen.standby) + made(plan)


def _cluster(seen: Observed, settings: Settings) -> FakeCluster:
    """The same in memory; the team's playbook makes what it promises."""
    members = {
        one.name: FakeNode(
            node=one.node, memory=one.capacity.memory, cpus=one.capacity.cpus, registry={IMAGE: {}}
        )
        for one in (*seen.nodes, *seen.standby)
    }
    cluster = FakeCluster(members)

    def make(action: AddNodes | RemoveNode) -> None:
        new = settings.pool.add_node
        assert new
        assert isinstance(action, AddNodes)
        for _ in range(action.count):
            host = node(name=f"x{len(members)}", labels=new.labels, capacity=new.capacity).node
            members[host.name] = FakeNode(node=host, registry={IMAGE: {}})

    cluster.actuator.on_host = make
    return cluster


@bounded
@given(_CLUSTERS, _PROJECTS, _SETTINGS)
def test_in_one_cycle_what_a_drain_had_them_added_for_has_left(
    seen: Observed, wanted: Project, settings: Settings
) -> None:
    cluster = _cluster(seen, settings)
    cluster.converge(wanted, settings=settings)
    cluster.clock.at += settings.pool.add_again_after_s
    drained = seen.nodes[0].name
    cluster.store.overwrite_node(drained, NodeRecord(availability="draining"))

    report = cluster.converge(wanted, settings=settings)

    added_for = set().union(*(hoped(plan) for plan in report.plans))
    there = cluster.members[drained].containers.values()
    left = {f"{one.project}/{one.service}.{one.slot}" for one in there}
    assert left.isdisjoint(added_for)
    assert not cluster.converge(wanted, settings=settings).changed


@bounded
@given(_CLUSTERS, _PROJECTS, _SETTINGS)
def test_none_could_be_spared(seen: Observed, wanted: Project, settings: Settings) -> None:
    plan = grown(seen, wanted, settings)
    names, count = woken(plan), made(plan)
    whole = len(pending(plan)) - len(hoped(plan))

    def fits_without(fewer: list[str], number: int) -> bool:
        unschedulable = replace(with_hosts(seen, fewer, number, settings), nodes=())
        hosts = with_hosts(seen, fewer, number, settings).nodes[len(seen.nodes) :]
        return _placed(replace(unschedulable, nodes=hosts), plan, wanted) >= len(hoped(plan))

    assert whole >= 0
    assert not any(fits_without([one for one in names if one != name], count) for name in names)
    assert not (count and fits_without(names, count - 1))


def _placed(hosts: Observed, plan: Plan, wanted: Project) -> int:
    """How many of what is pending these hosts alone would take."""
    counts = {
        one.name: sum(label.startswith(f"{wanted.name}/{one.name}.") for label in pending(plan))
        for one in wanted.services
    }
    few = tuple(
        replace(one, deploy=replace(one.deploy, replicas=counts[one.name]))
        for one in wanted.services
    )
    return len(reconcile(Desired(projects=(replace(wanted, services=few),)), hosts).starts)


@bounded
@given(_CLUSTERS, _PROJECTS, _SETTINGS, st.floats(0, 599))
def test_nothing_is_added_soon_after_the_last_time(
    seen: Observed, wanted: Project, settings: Settings, ago_s: float
) -> None:
    early = replace(seen, added_at=NOW - ago_s)

    assert hoped(grown(early, wanted, settings)) == set()


@bounded
@given(_CLUSTERS, _PROJECTS, _SETTINGS)
def test_the_order_of_hosts_does_not_matter(
    seen: Observed, wanted: Project, settings: Settings
) -> None:
    turned = replace(seen, standby=seen.standby[::-1], nodes=seen.nodes[::-1])

    assert grown(turned, wanted, settings) == grown(seen, wanted, settings)
