"""Random clusters on which something runs and something happens, and files that are deployed next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from orchestrate.cycle.snapshot import see
from orchestrate.errors import UnreachableError
from orchestrate.model.desired import Desired
from orchestrate.model.network import Network
from orchestrate.model.node import Node
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.container import Container
from orchestrate.model.plan import Plan
from orchestrate.model.spec.lifecycle import Condition, Dependency
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.service import Service
from orchestrate.planner.reconcile import reconcile
from orchestrate.spec.budget import parse_budget
from tests.builders import (
    GIB,
    changed,
    ingress,
    mounted,
    project,
    published,
    reserved,
    service,
    update,
)
from tests.examples import examples
from tests.fake_node import FakeNode
from tests.fakes import FakeCluster
from tests.properties.troubles import FOREIGN, Trouble, trouble, troubles

_GLOBAL = 4
NETWORKS = (Network(name="front"), Network(name="back"), Network(name="vault", internal=True))
IMAGES, NEW = ("web:1", "web:2", "web:3"), "web:4"
REGISTRY = {
    image: {"environment": {"PATH": "/bin"}, "volumes": ["/cache"]} for image in (*IMAGES, NEW)
}


def _services(name: str) -> st.SearchStrategy[Service | None]:
    made = st.builds(
        _service,
        st.just(name),
        image=st.sampled_from(IMAGES),
        replicas=st.integers(0, 4),
        memory=st.sampled_from([0, 0, GIB // 2, GIB]),
        constraints=st.sampled_from([(), (), (), ("node.labels.zone == a",)]),
        special=st.sampled_from(["", "", "", "port", "volume", "shared volume"]),
        networks=st.sets(st.sampled_from(NETWORKS)),
        order=st.sampled_from(["start-first", "stop-first"]),
        parallelism=st.integers(0, 2),
        priority=st.sampled_from([0, 0, 5]),
        budget=st.sampled_from([None, None, *map(parse_budget, ("0", "1", "25%", "60%"))]),
    )
    return st.one_of(st.none(), made, made)


def _service(name: str, *, replicas: int, memory: int, special: str, **fields: Any) -> Service:
    """Four replicas stand for one on every node."""
    is_global = replicas == _GLOBAL
    volumes = {"volume": mounted(source=name), "shared volume": mounted()}
    return service(
        name=name,
        image=fields["image"],
        mode="global" if is_global else "replicated",
        replicas=1 if is_global else replicas,
        resources=reserved(memory=memory),
        constraints=fields["constraints"],
        ports=published(8080) if special == "port" else (),
        mounts=volumes.get(special, ()),
        networks=tuple(sorted(fields["networks"])),
        ingress=ingress(path=f"/{name}") if not special else None,
        update=update(order=fields["order"], parallelism=fields["parallelism"]),
        priority=fields["priority"],
        budget=fields["budget"],
    )


def _projects(*found: tuple[Service, ...]) -> tuple[Project, ...]:
    named = zip(("alpha", "beta"), found, strict=True)
    return tuple(project(*those, name=name) for name, those in named if those)


def _few(
    db: Service | None, web: Service | None, dependency: Dependency | None
) -> tuple[Service, ...]:
    """The one may depend on the other, and if it waits for its end, that one completes."""
    if db and web and dependency:
        completes = dependency.condition == "service_completed_successfully"
        db = changed(db, completes=completes, ingress=None if completes else db.network.ingress)
        web = replace(web, depends_on=(dependency,))
    return tuple(filter(None, (db, web)))


_CONDITIONS: tuple[Condition, ...] = (
    "service_started",
    "service_healthy",
    "service_completed_successfully",
)
_DEPENDENCY = st.builds(
    Dependency,
    service=st.just("db"),
    condition=st.sampled_from(_CONDITIONS),
    restart=st.booleans(),
    required=st.booleans(),
)
_FEW = st.builds(_few, _services("db"), _services("web"), st.none() | _DEPENDENCY)
projects = st.builds(_projects, _FEW, _FEW)


def _cluster(nodes: list[tuple[str, int]], first: tuple[Project, ...]) -> FakeCluster:
    """Sound nodes with a foreign container each, on which the first files were deployed."""
    members = {
        f"n{number}": FakeNode(
            node=Node(name=f"n{number}", labels={"zone": zone}, proxies=number == 1),
            registry=REGISTRY,
            memory=memory * GIB,
            foreign={"memory": GIB // 2} if number % 2 else {},
            subnet=f"10.210.{number}.0/24",
            containers={FOREIGN.name: FOREIGN},
        )
        for number, (zone, memory) in enumerate(nodes, start=1)
    }
    cluster = FakeCluster(members)
    cluster.converge(*first)
    return cluster


_NODE = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from([1, 2, 4]))
clusters = st.builds(_cluster, st.lists(_NODE, min_size=1, max_size=4), projects)


Projects = tuple[Project, ...]
Situation = tuple[FakeCluster, Projects]


def _situation(cluster: FakeCluster, happens: list[Trouble], wanted: Projects) -> Situation:
    trouble(cluster, happens)
    return cluster, wanted


def _rollout(cluster: FakeCluster, wanted: Projects) -> Situation:
    cluster.converge(*wanted)
    return cluster, tuple(
        replace(one, services=tuple(changed(each, image=NEW) for each in one.services))
        for one in wanted
    )


situations = st.builds(_situation, clusters, troubles, projects)
"""A cluster in trouble, and the files that are to be deployed on it now."""
rollouts = st.builds(_rollout, clusters, projects)
"""A sound cluster, and the files that it runs with another image."""


bounded = examples(12)


def looked_at(cluster: FakeCluster) -> Observed:
    return see(cluster.ports, cluster.store.read(), cluster.observer.look())


def planned(cluster: FakeCluster, wanted: Projects) -> Plan:
    return reconcile(Desired(projects=wanted), looked_at(cluster))


def settle(cluster: FakeCluster, wanted: Projects) -> None:
    """As many cycles as it takes. Every action can be done; too much silence ends it, too."""
    undone = True
    while undone:
        try:
            report = cluster.converge(*wanted)
        except UnreachableError:
            return
        assert report.failures == ()
        undone = bool(report.undone)


def held(cluster: FakeCluster) -> Iterator[tuple[str, Container]]:
    for name, member in cluster.members.items():
        yield from ((name, one) for one in member.containers.values() if one.name != FOREIGN.name)
