"""Random clusters on which something runs, things that happen to them, and files that are deployed next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from orchestrate.loop import run_cycle
from orchestrate.model.journal import NodeRecord
from orchestrate.model.node import Node
from orchestrate.model.observed import SLOT_LABEL, Container
from orchestrate.model.report import CycleReport
from orchestrate.model.spec import Project, Service
from orchestrate.planner.desired import Desired
from tests.builders import (
    GIB,
    NOW,
    ingress,
    mounted,
    project,
    published,
    registration_of,
    replica,
    reserved,
    service,
    update,
)
from tests.fake_node import STOPPED, FakeNode
from tests.fakes import FakeCluster

_GLOBAL = 4
IMAGES = ("web:1", "web:2", "web:3")
REGISTRY = {image: {"environment": {"PATH": "/bin"}, "volumes": ["/cache"]} for image in IMAGES}
FOREIGN = Container(
    name="foreign", id="foreign", image_id="web:1", config={"labels": {}, "mounts": []}
)


def _services(name: str) -> st.SearchStrategy[Service | None]:
    made = st.builds(
        _service,
        st.just(name),
        image=st.sampled_from(IMAGES),
        replicas=st.integers(0, 4),
        memory=st.sampled_from([0, 0, GIB // 2, GIB]),
        constraints=st.sampled_from([(), (), (), ("node.labels.zone == a",)]),
        special=st.sampled_from(["", "", "", "port", "volume", "shared volume"]),
        order=st.sampled_from(["start-first", "stop-first"]),
        parallelism=st.integers(0, 2),
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
        ingress=ingress(path=f"/{name}") if not special else None,
        update=update(order=fields["order"], parallelism=fields["parallelism"]),
    )


def _projects(*found: tuple[Service | None, ...]) -> tuple[Project, ...]:
    named = zip(("alpha", "beta"), found, strict=True)
    return tuple(project(*filter(None, those), name=name) for name, those in named if any(those))


_FEW = st.tuples(_services("db"), _services("web"))
projects = st.builds(_projects, _FEW, _FEW)


def _cluster(nodes: list[tuple[str, int]], first: tuple[Project, ...]) -> FakeCluster:
    """Sound nodes with a foreign container each, on which the first files were deployed."""
    members = {
        f"n{number}": FakeNode(
            node=Node(name=f"n{number}", labels={"zone": zone}, proxies=number == 1),
            registry=REGISTRY,
            memory=memory * GIB,
            containers={FOREIGN.name: FOREIGN},
        )
        for number, (zone, memory) in enumerate(nodes, start=1)
    }
    cluster = FakeCluster(members)
    converge(cluster, first)
    return cluster


def converge(cluster: FakeCluster, wanted: tuple[Project, ...]) -> CycleReport:
    """One cycle for these projects, whatever the journal says of projects."""
    desired = Desired(projects=wanted)
    return run_cycle(cluster.ports, desired, cluster.read(), cluster.seen())


_NODE = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from([1, 2, 4]))
clusters = st.builds(_cluster, st.lists(_NODE, min_size=1, max_size=4), projects)

Trouble = tuple[int, int, int]
"""Which node, what happens to it, and to which of its containers."""
troubles = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 17), st.integers(0, 5)), max_size=3)


def trouble(cluster: FakeCluster, happens: list[Trouble]) -> None:
    """What people, crashes and power cuts do."""
    for where, what, which in happens:
        member = cluster.members[f"n{where % len(cluster.members) + 1}"]
        names = sorted(name for name in member.containers if name != FOREIGN.name)
        if what < len(_TO_NODES):
            _TO_NODES[what](member, cluster)
        elif names:
            container = member.containers[names[which % len(names)]]
            _TO_CONTAINERS[what - len(_TO_NODES)](member, container)


def _cordon(member: FakeNode, cluster: FakeCluster) -> None:
    cluster.save_node(member.node.name, NodeRecord(availability="cordoned"))


def _drain(member: FakeNode, cluster: FakeCluster) -> None:
    cluster.save_node(member.node.name, NodeRecord(availability="draining"))


def _silence(member: FakeNode, cluster: FakeCluster) -> None:
    member.answers = False
    cluster.save_node(member.node.name, NodeRecord(unknown_since=NOW - 10))


def _lose(member: FakeNode, cluster: FakeCluster) -> None:
    member.answers = member.is_alive = False
    cluster.save_node(member.node.name, NodeRecord(unknown_since=NOW - 3600))


def _stop_engine(member: FakeNode, _cluster: FakeCluster) -> None:
    member.engine = STOPPED


def _stop_agent(member: FakeNode, _cluster: FakeCluster) -> None:
    member.consul = STOPPED


def _relabel(member: FakeNode, _cluster: FakeCluster) -> None:
    member.node = replace(member.node, labels={"zone": "b"})


def _retire(member: FakeNode, _cluster: FakeCluster) -> None:
    member.node = replace(member.node, runs_containers=False)


def _haunt(member: FakeNode, _cluster: FakeCluster) -> None:
    ghost = registration_of(replica(name="web", of="alpha", slot=7), id="alpha-web-7-00000000")
    member.registrations[ghost.id] = ghost


def _stop(member: FakeNode, container: Container) -> None:
    member.containers[container.name] = replace(container, state="exited", exit_code=1)


def _crash(member: FakeNode, container: Container) -> None:
    member.containers[container.name] = replace(container, state="restarting", restarts=5)


def _remove(member: FakeNode, container: Container) -> None:
    del member.containers[container.name]


def _alter(member: FakeNode, container: Container) -> None:
    config = {**container.config, "memory": 12345}
    member.containers[container.name] = replace(container, config=config)


def _mislabel(member: FakeNode, container: Container) -> None:
    _label(member, container, "none")


def _double(member: FakeNode, container: Container) -> None:
    """A copy by hand that took another's slot: it publishes nothing, as it would not run."""
    copied = replace(container, name="copy", id="copy", config={**container.config, "ports": []})
    member.containers["copy"] = copied


def _label(member: FakeNode, container: Container, slot: str) -> None:
    labels = {**container.labels, SLOT_LABEL: slot}
    config = {**container.config, "labels": labels}
    member.containers[container.name] = replace(container, config=config)


def _renumber(member: FakeNode, container: Container) -> None:
    _label(member, container, "2")


def _rename(member: FakeNode, container: Container) -> None:
    del member.containers[container.name]
    member.containers["mine"] = replace(container, name="mine")


def _deregister(member: FakeNode, container: Container) -> None:
    member.registrations.pop(container.name, None)


_TO_NODES: tuple[Callable[[FakeNode, FakeCluster], Any], ...] = (
    _cordon,
    _drain,
    _silence,
    _lose,
    _stop_engine,
    _stop_agent,
    _relabel,
    _retire,
    _haunt,
)
_TO_CONTAINERS: tuple[Callable[[FakeNode, Container], Any], ...] = (
    _stop,
    _crash,
    _remove,
    _alter,
    _mislabel,
    _double,
    _renumber,
    _rename,
    _deregister,
)
