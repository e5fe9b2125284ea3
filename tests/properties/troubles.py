"""What people, crashes and power cuts do to a cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from orchestrate.model.journal import NodeRecord
from orchestrate.model.observed.container import SLOT_LABEL, Container
from tests.builders import NOW, registration_of, replica
from tests.fake_node import FakeNode
from tests.fakes import FakeCluster
from tests.observed import STOPPED

FOREIGN = Container(
    name="foreign", id="foreign", image_id="web:1", config={"labels": {}, "mounts": []}
)
Trouble = tuple[int, int, int]
"""Which node, what happens to it, and to which of its containers."""
troubles = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 18), st.integers(0, 5)), max_size=3)


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
    cluster.store.overwrite_node(member.node.name, NodeRecord(availability="cordoned"))


def _drain(member: FakeNode, cluster: FakeCluster) -> None:
    cluster.store.overwrite_node(member.node.name, NodeRecord(availability="draining"))


def _silence(member: FakeNode, cluster: FakeCluster) -> None:
    member.answers = False
    cluster.store.overwrite_node(member.node.name, NodeRecord(unknown_since=NOW - 10))


def _lose(member: FakeNode, cluster: FakeCluster) -> None:
    member.answers = member.is_alive = False
    cluster.store.overwrite_node(member.node.name, NodeRecord(unknown_since=NOW - 3600))


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


def _give_up(member: FakeNode, cluster: FakeCluster) -> None:
    """It is back, with all that ran on it."""
    record = NodeRecord(given_up=tuple(sorted(member.volumes)), given_up_at=NOW)
    cluster.store.overwrite_node(member.node.name, record)


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
    _give_up,
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
