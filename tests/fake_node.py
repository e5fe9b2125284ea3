"""A node in memory: an engine, a Consul agent and a proxy that do what a plan's actions ask of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from orchestrate.model.network import Policy
from orchestrate.model.node import Node
from orchestrate.model.observed.container import PROJECT_LABEL, SERVICE_LABEL, SLOT_LABEL, Container
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.model.observed.registration import Registration
from orchestrate.model.plan import (
    Action,
    ConfigureProxy,
    DeregisterReplica,
    Provision,
    PullImage,
    RegisterReplica,
    RemoveVolume,
    Repair,
    Retire,
    SetPeers,
    SetPolicy,
    StartReplica,
    StopReplica,
)
from tests.builders import GIB, NOW, as_engine_shows, files_of, registration_of
from tests.observed import ABSENT, OK, RUNNING, STOPPED, silent, sound

OWNER_LABELS = {PROJECT_LABEL, SERVICE_LABEL, SLOT_LABEL}


class ActionError(Exception):
    """What a module would fail with."""


@dataclass(slots=True, kw_only=True)
class FakeNode:
    """`containers`, also foreign ones, and `registrations` by name; `broken`: images that do not come up,
    `unmendable`: parts that do not. Without a `subnet` it tells nothing of who may reach whom."""

    node: Node
    answers: bool = True
    is_alive: bool = True
    memory: int = 8 * GIB
    cpus: float = 8
    engine: Part = RUNNING
    network: Part = OK
    consul: Part = RUNNING
    proxy: Part = RUNNING
    containers: dict[str, Container] = field(default_factory=dict)
    registrations: dict[str, Registration] = field(default_factory=dict)
    volumes: dict[str, str] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    registry: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    unmendable: set[str] = field(default_factory=set)
    routes: str = ""
    peers: frozenset[str] = frozenset()
    subnet: str = ""
    policy: Policy = field(default_factory=Policy)
    foreign: Mapping[str, float] = field(default_factory=dict)
    listening: frozenset[tuple[str, int]] = frozenset()
    made: int = 0

    def observed(self, at: float = NOW) -> ObservedNode:
        if not self.answers:
            return silent(self.node, detail="timed out")
        runs = self.engine == RUNNING
        seen = [self.containers[name] for name in sorted(self.containers)] if runs else []
        ours = tuple(one for one in seen if one.labels.keys() >= OWNER_LABELS)
        return sound(
            self.node,
            now=at,
            memory=self.memory,
            cpus=self.cpus,
            engine=self.engine,
            network=self.network,
            consul=self.consul,
            proxy=self.proxy,
            gateway=f"{self.subnet.removesuffix('0/24') or '10.210.0.'}1",
            subnet=self.subnet,
            addresses=frozenset(one.address for one in self.containers.values()),
            policy=self.policy if self.subnet else None,
            routes=self.routes,
            peers=self.peers,
            listening=self.listening,
            containers=ours,
            images={one.image_id: self.registry[one.image_id] for one in ours},
            tags=frozenset(self.tags) if runs else frozenset(),
            volumes=dict(self.volumes) if runs else {},
            published=frozenset(self._published()) if runs else frozenset(),
            foreign=self.foreign if runs else {},
            registrations=tuple(self.registrations.values()) if self.consul == RUNNING else (),
        )

    def perform(self, action: Action) -> None:
        if not self.answers:
            raise ActionError("unreachable")
        if isinstance(action, ConfigureProxy):
            self._require("proxy")
            self.routes, self.proxy = action.configuration.fingerprint, RUNNING
        else:
            _ACTS[type(action)](self, action)

    def _require(self, part: str) -> None:
        if part in self.unmendable:
            raise ActionError(f"the {part} does not come up")

    def provision(self, action: Provision) -> None:  # noqa: ARG002 - that it is there is all it says
        self._require("provision")
        self.engine, self.network, self.consul, self.proxy = RUNNING, OK, RUNNING, RUNNING

    def repair(self, action: Repair) -> None:
        self._require(action.role)
        setattr(self, action.role, OK if action.role == "network" else RUNNING)

    def pull(self, action: PullImage) -> None:
        if action.image not in self.registry:
            raise ActionError(f"image {action.image}: not found in its registry")
        self.tags.add(action.image)

    def start(self, action: StartReplica) -> None:
        replica = action.replica
        there = self.containers.get(replica.name)
        if there is None:
            there = self._create(action)
        elif not there.labels.items() >= replica.config["labels"].items():
            raise ActionError(f"{replica.name}: is here with other labels: stop it first")
        there = replace(there, files=files_of(replica))
        crashes = replica.service.image in self.broken
        state = (
            "exited"
            if replica.service.lifecycle.completes
            else "restarting"
            if crashes
            else "running"
        )
        self.containers[replica.name] = replace(
            there, state=state, restarts=int(crashes), exit_code=int(crashes)
        )
        self.register(action)
        if crashes:
            raise ActionError(f"replica {replica.name}: exited with code 1; it said: no such file")

    def _create(self, action: StartReplica) -> Container:
        replica, image = action.replica, action.replica.service.image
        taken = {(port.published, port.protocol) for port in replica.service.network.ports}
        if self.engine != RUNNING:
            raise ActionError("the Docker Engine does not answer")
        if action.address in {one.address for one in self.containers.values()} - {""}:
            raise ActionError(f"the address {action.address} is held by another container")
        if image not in self.tags:
            raise ActionError(f"the image {image} is not on this node: pull it first")
        if taken & self._published():
            raise ActionError(f"{replica.name}: port is already allocated")
        for volume in replica.volumes:
            self.volumes.setdefault(str(volume["name"]), replica.project)
        self.made += 1
        return Container(
            name=replica.name,
            id=f"{self.node.name}-{self.made}",
            created_at=f"2026-11-23T10:00:00.{self.made:06}Z",
            started_at="2026-11-23T10:00:00Z",
            address=action.address or f"10.210.0.{self.made % 200 + 2}",
            image_id=image,
            files=files_of(replica),
            config=as_engine_shows(replica.config, self.registry[image]),
        )

    def register(self, action: StartReplica | RegisterReplica) -> None:
        """What the agent finds at once, here: passing if it runs, or need not."""
        replica, container = action.replica, self.containers[action.replica.name]
        is_fine = container.state == "running" or replica.service.lifecycle.completes
        self.registrations[replica.name] = registration_of(
            replica,
            address=container.address,
            status="passing" if is_fine else "critical",
        )

    def stop(self, action: StopReplica) -> None:
        container = self.containers.get(action.name)
        if container and not container.labels.keys() >= OWNER_LABELS:
            raise ActionError(f"{action.name}: the container does not carry our labels")
        self.containers.pop(action.name, None)
        self.registrations.pop(action.name, None)

    def deregister(self, action: DeregisterReplica) -> None:
        self.registrations.pop(action.id, None)

    def remove_volume(self, action: RemoveVolume) -> None:
        if any(action.name in _mounted(one) for one in self.containers.values()):
            raise ActionError(f"volume {action.name} is in use")
        self.volumes.pop(action.name, None)

    def set_policy(self, action: SetPolicy) -> None:
        self._require("policy")
        self.policy = action.policy

    def set_peers(self, action: SetPeers) -> None:
        self._require("peers")
        self.peers = frozenset(action.peers) - {self.node.name}

    def retire(self, action: Retire) -> None:
        self._require(action.role)
        setattr(self, action.role, ABSENT if action.role == "network" else STOPPED)
        if action.role == "network":
            self.peers = frozenset()
        if action.role == "consul":
            self.is_alive = False

    def _published(self) -> set[tuple[int, str]]:
        return {
            (port["published"], port["protocol"])
            for one in self.containers.values()
            if one.state == "running"
            for port in one.config.get("ports", ())
        }


def _mounted(container: Container) -> set[str]:
    return {mount["source"] for mount in container.config.get("mounts", ())}


_ACTS: Mapping[type[Action], Callable[[FakeNode, Any], None]] = {
    Provision: FakeNode.provision,
    Repair: FakeNode.repair,
    PullImage: FakeNode.pull,
    StartReplica: FakeNode.start,
    StopReplica: FakeNode.stop,
    RegisterReplica: FakeNode.register,
    DeregisterReplica: FakeNode.deregister,
    RemoveVolume: FakeNode.remove_volume,
    SetPolicy: FakeNode.set_policy,
    SetPeers: FakeNode.set_peers,
    Retire: FakeNode.retire,
}
