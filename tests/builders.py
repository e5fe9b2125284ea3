"""Values of the model for tests: every field has a default, so that a test names only what it is about."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from orchestrate.model.file import File, FileKind, FileMount, Source
from orchestrate.model.node import Node, NodeResources
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.container import Container
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.registration import Registration
from orchestrate.model.plan import ConfigureProxy, Replica
from orchestrate.model.spec.deploy import Resources, UpdateConfig
from orchestrate.model.spec.lifecycle import Lifecycle
from orchestrate.model.spec.network import Ingress, Port, ServiceNetwork
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.service import ContainerSpec, Service
from orchestrate.model.spec.storage import Mount, Storage, Volume
from orchestrate.planner.containers.replica import wanted_replica
from orchestrate.planner.gateway.routes import configuration
from orchestrate.spec.constraints import parse_constraint
from tests.observed import silent as node_that_is_silent
from tests.observed import sound as node_that_answers

NOW = 1_800_000_000.0
GIB = 1 << 30
IMAGE = "registry.lab:5000/web:1"
KEY = b"the cluster's own"
LONG_AGO = "2026-01-01T00:00:00.123456789Z"
_DEPLOY = {
    "mode",
    "replicas",
    "resources",
    "constraints",
    "max_replicas_per_node",
    "preferences",
    "strategy",
    "update",
    "restart_policy",
}
_GROUPS = {
    **dict.fromkeys(_DEPLOY, "deploy"),
    **{
        one.name: name
        for name, group in {
            "container": ContainerSpec,
            "network": ServiceNetwork,
            "storage": Storage,
            "lifecycle": Lifecycle,
        }.items()
        for one in dataclasses.fields(group)
    },
}
_NODE = {
    "labels",
    "variables",
    "groups",
    "runs_containers",
    "serves_consul",
    "proxies",
    "address",
    "is_leaving",
    "way",
    "stands_by",
}


def service(*, name: str = "web", image: str = IMAGE, **fields: Any) -> Service:
    """Fields of groups and of `deploy` stand beside the others; constraints are texts."""
    if "constraints" in fields:
        fields["constraints"] = tuple(parse_constraint(text) for text in fields["constraints"])
    return changed(Service(name=name, image=image), **fields)


def update(**fields: Any) -> UpdateConfig:
    return UpdateConfig(**fields)


def reserved(*, memory: int = 0, cpus: float = 0, pids: int = 0, **generic: int) -> Resources:
    """What is limited of processes is reserved; all other words are generic resources."""
    return Resources(reserved_memory=memory, reserved_cpus=cpus, limit_pids=pids, generic=generic)


def published(*numbers: int) -> tuple[Port, ...]:
    """Ports of the node."""
    return tuple(Port(target=number, published=number, mode="host") for number in numbers)


def on_proxies(*numbers: int, **fields: Any) -> tuple[Port, ...]:
    return tuple(Port(target=number, published=number, **fields) for number in numbers)


def mounted(*, source: str = "data", target: str = "/data") -> tuple[Mount, ...]:
    return (Mount(type="volume", source=source, target=target),)


def file(*, kind: FileKind = "secret", name: str = "key", **fields: Any) -> File:
    known: dict[str, Any] = {"source": Source(kind="file", name=f"/srv/{name}"), "digest": "d1"}
    return File(kind=kind, name=name, **known | fields)


def given(*files: File, **fields: Any) -> tuple[FileMount, ...]:
    """Each where its kind stands by default."""
    directory = {"config": "/", "secret": "/run/secrets/"}
    known: list[dict[str, Any]] = [
        {"file": one, "target": directory[one.kind] + one.name} for one in files
    ]
    return tuple(FileMount(**one | fields) for one in known)


def ingress(*, port: int = 8000, **fields: Any) -> Ingress:
    return Ingress(port=port, **fields)


def project(*services: Service, name: str = "counter") -> Project:
    """The named volumes are those that the services mount."""
    keys = {
        mount.source for one in services for mount in one.storage.mounts if mount.type == "volume"
    }
    return Project(
        name=name,
        services=tuple(sorted(services, key=lambda one: one.name)),
        volumes=tuple(Volume(name=key) for key in sorted(keys)),
    )


def replica(
    wanted: Service | None = None, *, slot: int = 1, of: str = "counter", **fields: Any
) -> Replica:
    """A service's wanted replica; `fields` are those of the service, where none is given."""
    wanted = wanted or service(**fields)
    return wanted_replica(project(wanted, name=of), wanted, slot)


def as_engine_shows(config: Mapping[str, Any], image: Mapping[str, Any]) -> dict[str, Any]:
    """What an inspection shows of a container that was made of `config` and an image."""
    command, entrypoint = _what_runs(config, image)
    return {
        **config,
        "command": command or None,
        "entrypoint": entrypoint or None,
        "environment": {**image.get("environment", {}), **config["environment"]},
        "labels": {**image.get("labels", {}), **config["labels"]},
        "user": config["user"] or image.get("user", ""),
        "healthcheck": config["healthcheck"] or image.get("healthcheck"),
        "expose": sorted({*config["expose"], *image.get("expose", ())}),
        "mounts": sorted(
            [*map(_mounted, config["mounts"]), *_anonymous(config, image)],
            key=lambda mount: mount["target"],
        ),
    }


def _what_runs(config: Mapping[str, Any], image: Mapping[str, Any]) -> tuple[Any, Any]:
    """As the engine merges them (moby, daemon/commit.go), given what the module `replicas` sends."""
    command, entrypoint = config["command"], config["entrypoint"]
    if command == [] and entrypoint is None:
        entrypoint = image.get("entrypoint")
    if not entrypoint:
        command = command or image.get("command")
        entrypoint = image.get("entrypoint") if entrypoint is None else entrypoint
    return command, entrypoint


def _mounted(mount: Mapping[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in mount.items() if key != "create_host_path"}


def _anonymous(config: Mapping[str, Any], image: Mapping[str, Any]) -> list[dict[str, Any]]:
    own = {mount["target"] for mount in config["mounts"]}
    return [
        {"type": "volume", "source": "", "target": target, "read_only": False}
        for target in image.get("volumes", ())
        if target not in own
    ]


def files_of(wanted: Replica) -> dict[str, str]:
    """As a node tells of them when all are there."""
    return {one["target"]: f"{one['uid']}:{one['gid']} {one['mode']}" for one in wanted.files}


def container_of(wanted: Replica, **fields: Any) -> Container:
    """A running container that is as `wanted`; `config` holds the keys that are not, `image` defaults."""
    config = as_engine_shows(wanted.config, fields.pop("image", {})) | fields.pop("config", {})
    fields = {
        "created_at": LONG_AGO,
        "started_at": LONG_AGO,
        "address": "10.210.0.9",
        "files": files_of(wanted),
    } | fields
    return Container(**{"name": wanted.name, "config": config} | fields)


def registration_of(wanted: Replica, **fields: Any) -> Registration:
    """How Consul lists a passing replica."""
    known: dict[str, Any] = {
        "id": wanted.name,
        "service": f"{wanted.project}--{wanted.service.name}",
        "address": "10.210.0.9",
        "port": wanted.service.network.port or 0,
        "meta": {
            "project": wanted.project,
            "service": wanted.service.name,
            "slot": str(wanted.slot),
            "revision": wanted.revision,
        },
        "status": "passing",
    }
    return Registration(**known | fields)


def node(*, name: str = "n1", **fields: Any) -> ObservedNode:
    """A sound node that answered; fields of the inventory's node stand beside the others."""
    resources = {key: fields.pop(key) for key in ("capacity", "reserve") if key in fields}
    own = {key: fields.pop(key) for key in _NODE & fields.keys()}
    known = Node(name=name, resources=NodeResources(**resources), **own)
    if fields.pop("answered", True):
        return node_that_answers(known, **fields)
    return node_that_is_silent(known, **fields)


def serving(*wanted: Replica, **fields: Any) -> ObservedNode:
    """A node on which these replicas are passing."""
    known: dict[str, Any] = {
        "containers": tuple(container_of(one) for one in wanted),
        "registrations": tuple(registration_of(one) for one in wanted),
        "tags": frozenset(one.service.image for one in wanted),
        "volumes": {str(volume["name"]): one.project for one in wanted for volume in one.volumes},
    }
    return node(**known | fields)


def silent(*wanted: Replica, **fields: Any) -> ObservedNode:
    """A node that does not answer, and of which Consul remembers these replicas."""
    known: dict[str, Any] = {
        "answered": False,
        "unknown_since": NOW - 10,
        "alive_for_consul": False,
        "remembered": tuple(registration_of(one, status="critical") for one in wanted),
    }
    return node(**known | fields)


def lost(*wanted: Replica, **fields: Any) -> ObservedNode:
    return silent(*wanted, **{"unknown_since": NOW - 3600} | fields)


def observed(*nodes: ObservedNode, at: float = NOW) -> Observed:
    return Observed(at=at, nodes=nodes)


def changed(one: Service, **fields: Any) -> Service:
    """The service with other fields, those of its groups and of `deploy` included."""
    groups: dict[str, dict[str, Any]] = defaultdict(dict)
    for name in _GROUPS.keys() & fields.keys():
        groups[_GROUPS[name]][name] = fields.pop(name)
    parts = {name: replace(getattr(one, name), **given) for name, given in groups.items()}
    return replace(one, **parts, **fields)


def configure_proxy(node: str = "n1", reason: str = "", dns_address: str = "") -> ConfigureProxy:
    """Give a proxy a configuration without routes."""
    return ConfigureProxy(
        node=node, reason=reason, dns_address=dns_address, configuration=configuration(())
    )
