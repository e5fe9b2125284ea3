"""A service and a slot -> the container that should be there.

`config` is a plain mapping because it travels: it is what the module `replicas` is asked for and what
`node_info` reports back, key by key (the collection's README describes each). Here it is only built;
`planner.compare` holds it against what is seen.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from orchestrate.model.network import write_networks
from orchestrate.model.observed.container import (
    COMPLETES_LABEL,
    NETWORKS_LABEL,
    PROJECT_LABEL,
    REVISION_LABEL,
    SERVICE_LABEL,
    SLOT_LABEL,
)
from orchestrate.model.plan import Replica
from orchestrate.model.spec.deploy import Resources
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.service import Service
from orchestrate.planner.containers.files import asked_file, file_labels
from orchestrate.planner.containers.restart import restart
from orchestrate.planner.containers.volumes import asked_mount, asked_volume, mounted, volume_name

NETWORK = "orchestrate"
NUMBER_LABEL = "com.docker.compose.container-number"
CPUS_LABEL = "orchestrate.reserved.cpus"
MEMORY_LABEL = "orchestrate.reserved.memory"
GENERIC_LABEL = "orchestrate.reserved.generic."
POST_START_LABEL = "orchestrate.post_start"
PRE_STOP_LABEL = "orchestrate.pre_stop"
REVISION_LENGTH = 8
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def revision(project: Project, service: Service) -> str:
    """Hash of the part of a service that needs a new container: 8 hexadecimal digits.

    What is restarted along with other services has their part in its own.
    """
    return _revision(project, service, _config(project, service))


def _revision(project: Project, service: Service, config: Mapping[str, Any]) -> str:
    wanted = {**config, "port": service.network.port}
    if followed := tuple(_followed(project, service)):
        wanted["follows"] = {one.name: _config(project, one) for one in followed}
    if service.network.aliases:
        wanted["aliases"] = list(service.network.aliases)
    text = _ENCODER.encode(wanted)
    return hashlib.sha256(text.encode()).hexdigest()[:REVISION_LENGTH]


def _followed(project: Project, service: Service) -> Iterator[Service]:
    """The services whose change replaces this one, directly or through others."""
    if not service.depends_on:
        return
    services = {one.name: one for one in project.services}
    reached, pending = {service.name}, [service]
    while pending:
        found = {one.service for one in pending.pop().depends_on if one.restart}
        new = sorted(found & services.keys() - reached)
        reached.update(new)
        pending += (services[name] for name in new)
        yield from (services[name] for name in new)


def wanted_replica(project: Project, service: Service, slot: int) -> Replica:
    config = _config(project, service)
    without_slot = Replica(
        project=project.name,
        service=service,
        slot=0,
        revision=_revision(project, service, config),
        name="",
        config=config,
        volumes=tuple(
            asked_volume(project.name, volume)
            for _, volume in sorted(mounted(project, service).items())
            if not volume.external
        ),
        files=tuple(asked_file(service, mount) for mount in service.storage.files),
    )
    return in_slot(without_slot, slot)


def in_slot(replica: Replica, slot: int) -> Replica:
    """Return the replica for another slot of the service: the same but for its name and labels."""
    labels = {**replica.config["labels"], **slot_labels(slot), REVISION_LABEL: replica.revision}
    return dataclasses.replace(
        replica,
        slot=slot,
        name=f"{replica.project}-{replica.service.name}-{slot}-{replica.revision}",
        config={**replica.config, "labels": labels},
    )


def slot_labels(slot: int) -> dict[str, str]:
    """Return the labels that differ from slot to slot; no other field of a container does."""
    return {SLOT_LABEL: str(slot), NUMBER_LABEL: str(slot)}


def _config(project: Project, service: Service) -> dict[str, Any]:
    container = service.container
    return {
        "image": service.image,
        "command": _list(container.command),
        "entrypoint": _list(container.entrypoint),
        "environment": dict(sorted(container.environment.items())),
        "labels": _labels(project.name, service),
        "user": container.user,
        "mounts": _mounts(project, service),
        "ports": _ports(service),
        "expose": list(service.network.tcp_ports),
        "healthcheck": _healthcheck(service),
        **_limits(service),
        "stop_grace_s": math.ceil(service.lifecycle.stop_grace_period_s),
        "restart": restart(service),
        "network": NETWORK,
        **_dns(project.name, service),
        **container.attributes,
    }


def _mounts(project: Project, service: Service) -> list[dict[str, Any]]:
    declared = mounted(project, service)
    names = {key: volume_name(project.name, volume) for key, volume in declared.items()}
    mounts = (asked_mount(mount, names) for mount in service.storage.mounts)
    return sorted(mounts, key=lambda mount: mount["target"])


def _limits(service: Service) -> dict[str, Any]:
    resources = service.deploy.resources
    return {
        "memory": resources.limit_memory,
        "memory_reservation": resources.reserved_memory,
        "cpus": resources.limit_cpus,
        "pids": resources.limit_pids,
    }


def _dns(project: str, service: Service) -> dict[str, Any]:
    return {
        "dns": [],
        "dns_search": [f"{project}.query.consul", *service.network.dns_search],
        "dns_options": _dns_options(service),
    }


def _labels(project: str, service: Service) -> dict[str, str]:
    return {
        **service.container.labels,
        PROJECT_LABEL: project,
        SERVICE_LABEL: service.name,
        **file_labels(service),
        **_reservation_labels(service.deploy.resources),
        **_network_label(service),
        **({COMPLETES_LABEL: "true"} if service.lifecycle.completes else {}),
        **_hook_labels(service),
    }


def _network_label(service: Service) -> dict[str, str]:
    """A container says itself what it is in: so it stays in it until it is gone, whatever the file says."""
    networks = service.network.networks
    return {NETWORKS_LABEL: write_networks(networks)} if networks else {}


def _reservation_labels(resources: Resources) -> dict[str, str]:
    """The engine has no place for reserved CPUs; the ledger of a node is read from these labels."""
    labels = {}
    if resources.reserved_cpus:
        labels[CPUS_LABEL] = f"{resources.reserved_cpus:g}"
    if resources.reserved_memory:
        labels[MEMORY_LABEL] = str(resources.reserved_memory)
    return labels | {
        GENERIC_LABEL + name: str(number) for name, number in sorted(resources.generic.items())
    }


def _hook_labels(service: Service) -> dict[str, str]:
    """A container carries its hooks: it is stopped, and started again, without its file at hand."""
    hooks = {
        POST_START_LABEL: service.lifecycle.post_start,
        PRE_STOP_LABEL: service.lifecycle.pre_stop,
    }
    return {
        label: json.dumps([dataclasses.asdict(hook) for hook in some], sort_keys=True)
        for label, some in hooks.items()
        if some
    }


def _dns_options(service: Service) -> list[str]:
    """A bare name is tried in the search domains first, unless the file says otherwise."""
    given = any(option.startswith("ndots:") for option in service.network.dns_options)
    return [*([] if given else ["ndots:1"]), *service.network.dns_options]


def _list(words: tuple[str, ...] | None) -> list[str] | None:
    return None if words is None else list(words)


def _ports(service: Service) -> list[dict[str, Any]]:
    return [
        {
            "target": port.target,
            "published": port.published,
            "protocol": port.protocol,
            "host_ip": port.host_ip,
        }
        for port in sorted(
            service.network.node_ports,
            key=lambda port: (port.target, port.protocol, port.published, port.host_ip),
        )
    ]


def _healthcheck(service: Service) -> dict[str, Any] | None:
    check = service.lifecycle.healthcheck
    if check is None:
        return None
    return {
        "test": list(check.test),
        "interval_s": check.interval_s,
        "timeout_s": check.timeout_s,
        "retries": check.retries,
        "start_period_s": check.start_period_s,
        "start_interval_s": check.start_interval_s,
    }
