"""A plan: steps in order, the actions of a step side by side over the nodes.

Actions are data. `render.plays` turns them into plays, `planner.explain` into lines for a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrate.errors import ExitCode
from orchestrate.model.network import Policy
from orchestrate.model.node import Node
from orchestrate.model.node_pool import PoolAction
from orchestrate.model.spec.service import Service

Role = Literal["engine", "network", "consul"]
RetiredRole = Literal["proxy", "consul", "network"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """A wanted copy of a service: `config`, `volumes` and `files` are requests to its node."""

    project: str
    service: Service
    slot: int
    revision: str
    name: str
    config: Mapping[str, Any]
    volumes: tuple[Mapping[str, Any], ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()

    @property
    def label(self) -> str:
        """How a person names it: counter/web.2."""
        return f"{self.project}/{self.service.name}.{self.slot}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that is not as it should be. Values are text for people; secrets are already masked."""

    field: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.field}: {self.before} -> {self.after}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """Make a node of a host that lacks its parts."""

    node: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Run the role that keeps a part of the node."""

    node: str
    role: Role
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PullImage:
    node: str
    image: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartReplica:
    """Create it if need be, start it, register it, and wait until it has been passing for `monitor_s`.

    `address` is what a new container gets; empty where only the node knows its subnet.
    """

    node: str
    replica: Replica
    reason: str
    address: str = ""
    deadline_s: float = 60
    monitor_s: float = 0
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StopReplica:
    """Out of the proxies, drained, stopped, removed, deregistered; in this order."""

    node: str
    name: str
    label: str
    reason: str
    grace_s: float = 10
    drain_timeout_s: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterReplica:
    node: str
    replica: Replica
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeregisterReplica:
    node: str
    id: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveVolume:
    node: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way into the cluster: requests for `host` (empty: any) below `path` go to `consul_service`."""

    project: str
    service: str
    host: str
    path: str
    consul_service: str
    slots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyPort:
    """A port of all proxies: connections to it go to `target` of the replicas of `consul_service`.

    `address` empty: where the proxies answer requests, too.
    """

    project: str
    service: str
    address: str
    published: int
    target: int
    consul_service: str
    slots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyConfiguration:
    """The routes and ports of all proxies; `fingerprint` is what each records of those it was given."""

    routes: tuple[Route, ...] = ()
    ports: tuple[ProxyPort, ...] = ()
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigureProxy:
    """Give the proxy its routes and ports; `dns_address` is where Consul answers on that node."""

    node: str
    reason: str
    dns_address: str
    configuration: ProxyConfiguration


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPolicy:
    """Tell the node who may reach its replicas."""

    node: str
    reason: str
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPeers:
    """Tell the node which nodes there are; `bridged`: containers run on it."""

    node: str
    reason: str
    peers: tuple[str, ...]
    bridged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Retire:
    """Take a part of a node that leaves out of service, for good."""

    node: str
    role: RetiredRole
    reason: str


ReplicaAction = (
    PullImage | StartReplica | StopReplica | RegisterReplica | DeregisterReplica | RemoveVolume
)
HostAction = Provision | PoolAction
NodeAction = HostAction | Repair | ConfigureProxy | SetPolicy | SetPeers | Retire
"""What is done to a node, and no project's."""
Action = ReplicaAction | NodeAction


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    title: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """Something that is not as it should be and that this plan does not mend, and why.

    `is_unplaced`: no node takes it, even when all of the plan is done. `settles_on` is the node on which
    it may come right by itself within seconds. `holds_up` is the node that is not empty before it has
    moved, as the budget of its service forbids to stop it.
    """

    subject: str
    reason: str
    is_unplaced: bool = False
    settles_on: str = ""
    holds_up: str = ""
    refused: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """The nodes that cannot take it, by the reason why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`hosts` are those that a provisioning goes over, to tell each of the new ones; `silent` are not asked."""

    steps: tuple[Step, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    hosts: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    leaving: tuple[Node, ...] = ()
    """Nodes that the inventory no longer has."""
    departed: tuple[str, ...] = ()
    """Those of which only what Consul and the journal say is left."""

    @property
    def exit_code(self) -> ExitCode:
        """Return the exit code of a command that only shows the plan."""
        if self.steps:
            return ExitCode.TO_DO
        return ExitCode.NOT_AS_DESIRED if self.unmet else ExitCode.DONE

    @property
    def actions(self) -> tuple[Action, ...]:
        return tuple(action for step in self.steps for action in step.actions)

    @property
    def starts(self) -> tuple[StartReplica, ...]:
        return tuple(action for action in self.actions if isinstance(action, StartReplica))
