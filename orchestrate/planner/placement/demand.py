"""A replica -> what it asks of a node; a container -> what it holds of one."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from orchestrate.model.observed.container import PROJECT_LABEL, SERVICE_LABEL, Container
from orchestrate.model.plan import Replica
from orchestrate.model.settings import Strategy
from orchestrate.model.spec.service import Service
from orchestrate.planner.containers.devices import Devices, devices_of, named_in
from orchestrate.planner.containers.replica import CPUS_LABEL, GENERIC_LABEL, MEMORY_LABEL
from orchestrate.planner.containers.volumes import mounted_volumes
from orchestrate.scheduler.demand import (
    ADDRESSES,
    CORE,
    CPUS,
    MEMORY,
    PIDS,
    Claims,
    Demand,
    Mark,
    ServiceKey,
    device_mark,
    generic_kind,
    hardware_mark,
    mounted_mark,
    port_mark,
)

_PROBES_AT_START = 25
"""The first version of the engine that probes at an interval of its own during the start."""
_MOST = 1 << 50
"""What a node may claim at the most, so that sums of it stay numbers."""
_NOWHERE: Mapping[str, int] = {}


def demand_of(
    replica: Replica,
    strategy: Strategy,
    counted: Collection[str] = (),
    failed: Mapping[str, int] = _NOWHERE,
) -> Demand:
    """Return what a replica asks of a node, for the scheduler.

    `strategy` is for a service that does not say; `counted` are the kinds of which nodes have a number.
    `failed`: how often it failed to start lately, by node.
    """
    service, deploy = replica.service, replica.service.deploy
    devices = devices_of(replica.config, counted)
    return Demand(
        service=(replica.project, service.name),
        needs=_needs(service, devices),
        constraints=deploy.constraints,
        platform=service.platform,
        image=service.image if service.pull_policy == "never" else "",
        claims=_claims(replica, devices),
        most_per_node=deploy.max_replicas_per_node,
        preferences=deploy.preferences,
        strategy=deploy.strategy or strategy,
        engine=_needed_engine(service),
        external=_external_volumes(replica),
        failed=failed,
    )


def _needs(service: Service, devices: Devices) -> dict[str, int]:
    resources = service.deploy.resources
    needs = {
        MEMORY: resources.reserved_memory,
        CPUS: round(resources.reserved_cpus * CORE),
        PIDS: resources.limit_pids,
        ADDRESSES: 1,
        **{generic_kind(name): number for name, number in resources.generic.items()},
    }
    for kind, number in devices.needs.items():
        needs[kind] = needs.get(kind, 0) + number
    return {kind: amount for kind, amount in needs.items() if amount}


def _claims(replica: Replica, devices: Devices) -> Claims:
    ports = replica.service.network.node_ports
    return Claims(
        ports=tuple((port.published, port.protocol) for port in ports),
        volumes=mounted_volumes(replica.config),
        hardware_address=replica.config.get("mac_address", ""),
        whole=devices.whole,
        devices=devices.named,
    )


def _needed_engine(service: Service) -> int:
    """Older ones would pass over what they do not know."""
    check = service.lifecycle.healthcheck
    return _PROBES_AT_START if check and check.start_interval_s else 0


def _external_volumes(replica: Replica) -> tuple[str, ...]:
    made = {volume["name"] for volume in replica.volumes}
    return tuple(name for name in mounted_volumes(replica.config) if name not in made)


def service_of(container: Container) -> ServiceKey:
    labels = container.labels
    return labels.get(PROJECT_LABEL, ""), labels.get(SERVICE_LABEL, "")


def reserved_by(container: Container) -> dict[str, int]:
    """Return the reservations of a container; one that has completed has none."""
    if container.is_done:
        return {}
    labels = container.labels
    return {
        MEMORY: _whole(labels.get(MEMORY_LABEL), 1),
        CPUS: _whole(labels.get(CPUS_LABEL), CORE),
        PIDS: countable(container.config.get("pids", 0)),
        **{
            generic_kind(label.removeprefix(GENERIC_LABEL)): _whole(text, 1)
            for label, text in labels.items()
            if label.startswith(GENERIC_LABEL)
        },
    }


def held_by(container: Container) -> tuple[Mark, ...]:
    """Return the marks of everything on the node that the container holds exclusively."""
    if container.is_done:
        return ()
    ports = (port_mark(*port) for port in ports_of(container))
    names, service = mounted_volumes(container.config), service_of(container)
    address = container.config.get("mac_address")
    return (
        *ports,
        *(mounted_mark(name, service) for name in names),
        *((hardware_mark(address),) if address else ()),
        *(device_mark(*device) for device in named_in(container.config)),
    )


def ports_of(container: Container) -> tuple[tuple[int, str], ...]:
    ports = container.config.get("ports", ())
    return tuple((port["published"], port["protocol"]) for port in ports)


def _whole(text: str | None, unit: int) -> int:
    """A label is data from a node: what is no number counts as nothing."""
    try:
        return countable(float(text or 0) * unit)
    except ValueError:
        return 0


def countable(number: float) -> int:
    """Turn a number from a node into one that can be summed up: not negative, and bounded."""
    return round(min(max(number, 0), _MOST)) if math.isfinite(number) else 0
