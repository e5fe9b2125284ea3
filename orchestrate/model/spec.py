"""The spec: the user's Compose file as values. The words are those of the Compose Specification.

Times are in seconds (`_s`), memory in bytes, CPUs in cores. A field that the file does not set holds
the default that semantics give it, so nothing further down asks "was it set?"; where "not set" has a
meaning of its own (use what the image says), it is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from orchestrate.model.budget import Budget
from orchestrate.model.constraint import Constraint
from orchestrate.model.file import FileMount
from orchestrate.model.network import Network
from orchestrate.model.settings import Strategy

Order = Literal["start-first", "stop-first"]
FailureAction = Literal["pause", "continue", "rollback"]
PullPolicy = Literal["always", "missing", "never"]
Condition = Literal["service_started", "service_healthy", "service_completed_successfully"]
_DRAIN_S = 10.0  # a connection of any protocol may be one that never ends by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Healthcheck:
    """`test` is in the engine's form: ("CMD", …), ("CMD-SHELL", text), or ("NONE",).

    `start_interval_s` takes the place of `interval_s` during the start period; 0: as the engine does.
    """

    test: tuple[str, ...]
    interval_s: float = 30
    timeout_s: float = 30
    retries: int = 3
    start_period_s: float = 0
    start_interval_s: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A port of the proxies, or (`host`) of the replica's own node. `host_ip` empty: on all addresses."""

    target: int
    published: int
    protocol: Literal["tcp", "udp"] = "tcp"
    host_ip: str = ""
    mode: Literal["ingress", "host"] = "ingress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """`source` is an absolute path (bind) or a key of the project's `volumes` (volume).

    A bound path that is missing is made only with `create_host_path`. `nocopy`: a new volume does not
    begin with what the image has there. `propagation` empty: as the engine does.
    """

    type: Literal["bind", "volume"]
    source: str
    target: str
    read_only: bool = False
    create_host_path: bool = False
    propagation: str = ""
    nocopy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """0 means no limit, and nothing reserved."""

    limit_memory: int = 0
    limit_cpus: float = 0
    limit_pids: int = 0
    reserved_memory: int = 0
    reserved_cpus: float = 0
    generic: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateConfig:
    """`deploy.update_config`, with SwarmKit's defaults (api/defaults/service.go)."""

    parallelism: int = 1
    delay_s: float = 0
    order: Order = "stop-first"
    monitor_s: float = 5
    failure_action: FailureAction = "pause"
    max_failure_ratio: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPolicy:
    """`deploy.restart_policy`: what the engine does by itself when a container ends.

    The engine counts attempts for `on-failure` only; the times are kept.
    """

    condition: Literal["any", "on-failure", "none"] = "any"
    delay_s: float = 0
    max_attempts: int = 0
    window_s: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A command that is run inside a running container; empty: as the container itself is run."""

    command: tuple[str, ...]
    user: str = ""
    privileged: bool = False
    working_dir: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingress:
    """`x-ingress`: requests for `host` (empty: any) below `path` go to `port` of the replicas."""

    host: str = ""
    path: str = "/"
    port: int
    drain_timeout_s: float = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploy:
    mode: Literal["replicated", "global", "replicated-job", "global-job"] = "replicated"
    replicas: int = 1
    resources: Resources = field(default_factory=Resources)
    constraints: tuple[Constraint, ...] = ()
    max_replicas_per_node: int = 0
    """0: as many as there is room for."""
    preferences: tuple[str, ...] = ()
    """Evenly over the values of these keys of a node, the first counts most."""
    strategy: Strategy | None = None
    """None: as the settings say."""
    update: UpdateConfig = field(default_factory=UpdateConfig)
    rollback: UpdateConfig | None = None
    restart_policy: RestartPolicy | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    endpoint_mode: Literal["vip", "dnsrr"] = "dnsrr"

    @property
    def is_global(self) -> bool:
        """True if the service has a replica on each node that it may run on."""
        return self.mode in {"global", "global-job"}

    @property
    def is_job(self) -> bool:
        return self.mode in {"replicated-job", "global-job"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """A service that has to be there first.

    `restart`: a change of it replaces those that depend on it, too. Not `required`: it comes first if it
    can, and nobody waits for it if it cannot.
    """

    service: str
    condition: Condition = "service_started"
    restart: bool = False
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`command` and `entrypoint` None: what the image says; empty: nothing.

    `completes`: it is a job, or another service waits until this one has completed. It runs once, and its
    end with the exit code 0 is what it is for. `unattended`: nobody waits for that.

    `attributes` is what only the engine has to know, as the module `replicas` takes it.
    `networks` empty: the project's own, which is all that most services are in.
    """

    name: str
    image: str
    completes: bool = False
    unattended: bool = False
    pull_policy: PullPolicy = "always"
    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    ports: tuple[Port, ...] = ()
    expose: tuple[int, ...] = ()
    mounts: tuple[Mount, ...] = ()
    networks: tuple[Network, ...] = ()
    aliases: tuple[str, ...] = ()
    files: tuple[FileMount, ...] = ()
    healthcheck: Healthcheck | None = None
    stop_grace_period_s: float = 10
    restart: str = "unless-stopped"
    platform: str = ""
    """`linux/arm64`, which its nodes have to be; empty: what they are."""
    dns_search: tuple[str, ...] = ()
    dns_options: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    post_start: tuple[Hook, ...] = ()
    pre_stop: tuple[Hook, ...] = ()
    deploy: Deploy = field(default_factory=Deploy)
    ingress: Ingress | None = None
    budget: Budget | None = None
    priority: int = 0
    """`x-priority`: what is more important may push out what is less so."""
    depends_on: tuple[Dependency, ...] = ()

    @property
    def node_ports(self) -> tuple[Port, ...]:
        """The ports that a replica publishes on its own node."""
        return tuple(port for port in self.ports if port.mode == "host")

    @property
    def proxy_ports(self) -> tuple[Port, ...]:
        return tuple(port for port in self.ports if port.mode == "ingress")

    @property
    def drain_timeout_s(self) -> float:
        """How long what came through the proxies may go on when a replica is to stop."""
        if self.ingress:
            return self.ingress.drain_timeout_s
        return _DRAIN_S if self.proxy_ports else 0

    @property
    def tcp_ports(self) -> tuple[int, ...]:
        """The ports exposed or published, sorted."""
        published = (port.target for port in self.ports if port.protocol == "tcp")
        return tuple(sorted({*self.expose, *published}))

    @property
    def port(self) -> int | None:
        """The port at which the service is found: that of ingress, else the first one exposed or published."""
        if self.ingress:
            return self.ingress.port
        ports = (*self.expose, *(port.target for port in self.ports))
        return ports[0] if ports else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """A named volume, kept by the `local` driver of the node that its replica runs on.

    `called` is its name in the engine; empty: made of the project's name and its own. What is `external`
    is neither made nor removed here.
    """

    name: str
    called: str = ""
    external: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The desired state of one Compose file; services and volumes are sorted by name."""

    name: str
    services: tuple[Service, ...] = ()
    volumes: tuple[Volume, ...] = ()
