"""The number of replicas of a service, where they may be, and how they are replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orchestrate.model.constraint import Constraint
from orchestrate.model.settings import Strategy

Order = Literal["start-first", "stop-first"]
FailureAction = Literal["pause", "continue", "rollback"]


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
