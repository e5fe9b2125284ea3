"""What was seen of the cluster at one moment.

A node that did not answer is `unknown`: its containers are not "none", they are not known. What Consul's
catalogue remembers of such a node stands in `remembered`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrate.model.network import Network, Policy, default_network, read_networks
from orchestrate.model.node import Added, Availability, Node

PROJECT_LABEL = "com.docker.compose.project"
SERVICE_LABEL = "com.docker.compose.service"
SLOT_LABEL = "orchestrate.slot"
REVISION_LABEL = "orchestrate.revision"
NETWORKS_LABEL = "orchestrate.networks"
COMPLETES_LABEL = "orchestrate.completes"
_SLOT = re.compile(r"[0-9]{1,9}")

Health = Literal["none", "starting", "healthy", "unhealthy"]
PartState = Literal["running", "stopped", "absent", "ok", "drifted"]
ServiceStatus = Literal["passing", "warning", "critical", "maintenance"]
StartKey = tuple[str, str, str]
"""Project, service and revision of a replica that was to start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container that carries our labels. `config` has the shape that `planner.replica` describes."""

    name: str
    id: str = ""
    state: str = "running"
    exit_code: int = 0
    restarts: int = 0
    """How often the engine started it again, since somebody last started it."""
    created_at: str = ""
    started_at: str = ""
    health: Health = "none"
    address: str = ""
    image_id: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    """Path of each config and secret -> owner and mode of what is there (`0:0 0444`), or `missing`."""
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def labels(self) -> Mapping[str, str]:
        labels: Mapping[str, str] = self.config.get("labels", {})
        return labels

    @property
    def project(self) -> str:
        return self.labels.get(PROJECT_LABEL, "")

    @property
    def service(self) -> str:
        return self.labels.get(SERVICE_LABEL, "")

    @property
    def slot(self) -> int:
        return _slot(self.labels.get(SLOT_LABEL, ""))

    @property
    def networks(self) -> tuple[Network, ...]:
        """Without a label, the default one of its project."""
        label = self.labels.get(NETWORKS_LABEL)
        return (default_network(self.project),) if label is None else read_networks(label)

    @property
    def completes(self) -> bool:
        """It was made to run to its end."""
        return COMPLETES_LABEL in self.labels

    @property
    def has_completed(self) -> bool:
        return self.state == "exited" and self.exit_code == 0

    @property
    def is_done(self) -> bool:
        """It has run to its end, will not run again, and needs nothing any more."""
        return self.completes and self.has_completed

    @property
    def revision(self) -> str:
        return self.labels.get(REVISION_LABEL, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A replica in the catalogue of its node's Consul agent; `filed` is False when its file is gone."""

    id: str
    service: str = ""
    address: str = ""
    port: int = 0
    meta: Mapping[str, str] = field(default_factory=dict)
    status: ServiceStatus = "critical"
    output: str = ""
    filed: bool = True

    @property
    def slot(self) -> int:
        return _slot(self.meta.get("slot", ""))

    @property
    def project(self) -> str:
        return self.meta.get("project", "?")

    @property
    def label(self) -> str:
        return f"{self.project}/{self.meta.get('service', '?')}.{self.slot}"


def _slot(text: str) -> int:
    """0 where the text is no number: such a container is surplus wherever it is."""
    return int(text) if _SLOT.fullmatch(text) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The engine, network, Consul agent or proxy of a node, and what is wrong with it."""

    state: PartState = "running"
    problems: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        return self.state in {"running", "ok"} and not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedNode:
    """One node's answer, or the fact that there was none (`answered` False, `detail` says why)."""

    node: Node
    answered: bool = True
    detail: str = ""
    now: float = 0
    """The time on its own clock when it answered, seconds since the epoch."""
    availability: Availability = "active"
    drained_by: float | None = None
    """When what still holds on to a draining node is stopped; None: never."""
    unknown_since: float | None = None
    """When this node was first found silent, seconds since the epoch; None while it answers."""
    is_known: bool = False
    """Does the journal say how to reach it, wherever the inventory may be?"""
    added: Added = ""
    empty_since: float | None = None
    """Since when one that was added has nothing to do."""
    tried_at: float | None = None
    """When waking it, or having it removed, was last tried in vain."""
    alive_for_consul: bool = True
    failed: Mapping[StartKey, int] = field(default_factory=dict)
    """How often which start failed here lately."""
    cpus: float = 1
    memory: int = 1 << 30
    platform: Mapping[str, str] = field(default_factory=dict)
    engine: Part = field(default_factory=Part)
    engine_version: str = ""
    engine_labels: Mapping[str, str] = field(default_factory=dict)
    network: Part = field(default_factory=Part)
    peers: frozenset[str] = frozenset()
    """The nodes that it has routes to, by name."""
    consul: Part = field(default_factory=Part)
    proxy: Part = field(default_factory=Part)
    gateway: str = ""
    """The node's own address in the network, where Consul's DNS answers."""
    subnet: str = ""
    addresses: frozenset[str] = frozenset()
    """Those of the subnet that containers hold, whosoever they are."""
    policy: Policy | None = None
    """Who may reach its replicas; None where that could not be read."""
    routes: str = ""
    """Fingerprint of the routes that the proxy was last given."""
    request_port: int = 0
    """Where the proxy answers the requests of `x-ingress`; 0 where that is not known."""
    request_address: str = ""
    """The address that it answers them at; empty: at all."""
    own_addresses: frozenset[str] = frozenset()
    """Those of a proxy itself."""
    listening: frozenset[tuple[str, int]] = frozenset()
    """(address, port) at which others than HAProxy listen on a proxy; the address empty: on all."""
    containers: tuple[Container, ...] = ()
    images: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    digests: Mapping[str, str] = field(default_factory=dict)
    """What the tags of some images stand for now, where this node was asked to find out."""
    volumes: Mapping[str, str] = field(default_factory=dict)
    """Volume -> the project whose label it carries."""
    given_up: frozenset[str] = frozenset()
    """The volumes whose data here was given up: they hold what is out of date."""
    published: frozenset[tuple[int, str]] = frozenset()
    foreign: Mapping[str, float] = field(default_factory=dict)
    """What others' containers may take: `memory` in bytes, `cpus`, `pids`; empty where it does not count."""
    registrations: tuple[Registration, ...] = ()
    remembered: tuple[Registration, ...] = ()

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def is_leaving(self) -> bool:
        return self.node.is_leaving

    @property
    def is_forgotten(self) -> bool:
        return self.availability == "forgotten"

    @property
    def data(self) -> frozenset[str]:
        """The volumes whose data here counts."""
        return frozenset(self.volumes.keys() - self.given_up)

    @property
    def is_readable(self) -> bool:
        """Can its containers be believed to be what we were told?"""
        return self.answered and self.engine.state == "running"

    @property
    def may_hold_unseen(self) -> bool:
        """True if it may have containers or volumes, and cannot be read."""
        can_hold = self.node.runs_containers and self.engine.state != "absent"
        return can_hold and not self.is_readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The snapshot that a plan is made from. `at` is its moment, seconds since the epoch; nodes by name."""

    at: float
    nodes: tuple[ObservedNode, ...] = ()
    forgotten: frozenset[str] = frozenset()
    """Names of nodes that are neither in the inventory nor alive, and that nobody waits for."""
    servers: Mapping[str, bool] = field(default_factory=dict)
    """The Consul servers that have a vote, and whether they are alive; looked up when a node is leaving."""
    standby: tuple[ObservedNode, ...] = ()
    """Hosts that are no nodes yet, and may become some when there is no room."""
    added_at: float | None = None
    """When nodes were last made, or were to be."""
