"""A replica -> what it asks of a node; a container -> what it holds of one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from orchestrate.model.observed import Container
from orchestrate.model.plan import Replica
from orchestrate.model.settings import Strategy
from orchestrate.planner.replica import CPUS_LABEL, MEMORY_LABEL
from orchestrate.scheduler.demand import ADDRESSES, CORE, CPUS, MEMORY, Demand, Service

_MOST = 1 << 50
"""What a node may claim at the most, so that sums of it stay numbers."""


def demand_of(replica: Replica, strategy: Strategy) -> Demand:
    """`strategy` is for a service that does not say."""
    service = replica.service
    resources = service.deploy.resources
    needs = {
        MEMORY: resources.reserved_memory,
        CPUS: round(resources.reserved_cpus * CORE),
        ADDRESSES: 1,
    }
    return Demand(
        service=(replica.project, service.name),
        needs={kind: amount for kind, amount in needs.items() if amount},
        constraints=service.deploy.constraints,
        platform=service.platform,
        image=service.image if service.pull_policy == "never" else "",
        ports=tuple((port.published, port.protocol) for port in service.node_ports),
        volumes=mounted_volumes(replica.config),
        most_per_node=service.deploy.max_replicas_per_node,
        preferences=service.deploy.preferences,
        strategy=service.deploy.strategy or strategy,
    )


def service_of(container: Container) -> Service:
    return container.project, container.service


def reserved_by(container: Container) -> dict[int, int]:
    labels = container.labels
    return {
        MEMORY: _whole(labels.get(MEMORY_LABEL), 1),
        CPUS: _whole(labels.get(CPUS_LABEL), CORE),
    }


def ports_of(container: Container) -> tuple[tuple[int, str], ...]:
    ports = container.config.get("ports", ())
    return tuple((port["published"], port["protocol"]) for port in ports)


def mounted_volumes(config: Mapping[str, Any]) -> tuple[str, ...]:
    mounts = config.get("mounts", ())
    return tuple(mount["source"] for mount in mounts if mount["type"] == "volume")


def _whole(text: str | None, unit: int) -> int:
    """A label is data from a node: what is no number counts as nothing."""
    try:
        return countable(float(text or 0) * unit)
    except ValueError:
        return 0


def countable(number: float) -> int:
    """What a node says, as a number that can be summed up: nothing less than nothing, and no end."""
    return round(min(max(number, 0), _MOST)) if math.isfinite(number) else 0
