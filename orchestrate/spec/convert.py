"""Stage 5: canonical Compose data to the model. It has passed validation: nothing is checked here.

A table says, for each key, which field it becomes and how. A key that is absent leaves its field at the
default, which is the model's to state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from orchestrate.model.constraint import parse_constraint
from orchestrate.model.spec import (
    Deploy,
    Healthcheck,
    Ingress,
    Mount,
    Port,
    Project,
    Resources,
    Service,
    UpdateConfig,
    Volume,
)
from orchestrate.spec.located import Plain
from orchestrate.spec.quantities import parse_duration

Fields: TypeAlias = Mapping[str, tuple[str, Callable[[Plain], Any]]]


def convert(data: Plain) -> Project:
    return Project(
        name=data["name"],
        services=tuple(
            Service(name=name, **_read(service, _SERVICE))
            for name, service in sorted(data["services"].items())
        ),
        volumes=tuple(
            Volume(name=name, **_read(volume, _VOLUME))
            for name, volume in sorted(data.get("volumes", {}).items())
        ),
    )


def _read(data: Plain, fields: Fields) -> dict[str, Any]:
    return {name: make(data[key]) for key, (name, make) in fields.items() if key in data}


def _each(make: Callable[[Plain], Any]) -> Callable[[Plain], tuple[Any, ...]]:
    return lambda items: tuple(make(item) for item in items)


def _make_port(data: Plain) -> Port:
    return Port(**_read(data, _PORT))


def _make_healthcheck(data: Plain) -> Healthcheck:
    """As in the engine, zero stands for the default."""
    if data.get("disable"):
        return Healthcheck(test=("NONE",))
    return Healthcheck(
        **{name: value for name, value in _read(data, _HEALTHCHECK).items() if value}
    )


def _make_resources(data: Plain) -> Resources:
    """What is limited and not reserved is reserved up to its limit, as in Kubernetes."""
    limits = data.get("limits", {})
    reserved = {key: limits[key] for key in ("cpus", "memory") if key in limits}
    reserved |= data.get("reservations", {})
    return Resources(**_read(limits, _LIMITS), **_read(reserved, _RESERVATIONS))


def _make_deploy(data: Plain) -> Deploy:
    return Deploy(**_read(data, _DEPLOY), **_read(data.get("placement", {}), _PLACEMENT))


_PORT: Fields = {
    "target": ("target", int),
    "published": ("published", int),
    "protocol": ("protocol", str),
    "host_ip": ("host_ip", str),
}
_HEALTHCHECK: Fields = {
    "test": ("test", tuple),
    "interval": ("interval_s", parse_duration),
    "timeout": ("timeout_s", parse_duration),
    "retries": ("retries", int),
    "start_period": ("start_period_s", parse_duration),
}
_INGRESS: Fields = {
    "host": ("host", str),
    "path": ("path", str),
    "port": ("port", int),
    "drain_timeout": ("drain_timeout_s", parse_duration),
}
_LIMITS: Fields = {
    "cpus": ("limit_cpus", float),
    "memory": ("limit_memory", int),
    "pids": ("limit_pids", int),
}
_RESERVATIONS: Fields = {"cpus": ("reserved_cpus", float), "memory": ("reserved_memory", int)}
_UPDATE: Fields = {
    "parallelism": ("parallelism", int),
    "delay": ("delay_s", parse_duration),
    "order": ("order", str),
    "monitor": ("monitor_s", parse_duration),
    "failure_action": ("failure_action", str),
    "max_failure_ratio": ("max_failure_ratio", float),
}
_PLACEMENT: Fields = {"constraints": ("constraints", _each(parse_constraint))}
_DEPLOY: Fields = {
    "mode": ("mode", str),
    "replicas": ("replicas", int),
    "resources": ("resources", _make_resources),
    "update_config": ("update", lambda data: UpdateConfig(**_read(data, _UPDATE))),
}
_VOLUME: Fields = {"labels": ("labels", dict)}
_SERVICE: Fields = {
    "image": ("image", str),
    "command": ("command", tuple),
    "entrypoint": ("entrypoint", tuple),
    "environment": ("environment", dict),
    "labels": ("labels", dict),
    "user": ("user", str),
    "ports": ("ports", _each(_make_port)),
    "expose": ("expose", _each(int)),
    "volumes": ("mounts", _each(lambda data: Mount(**data))),
    "healthcheck": ("healthcheck", _make_healthcheck),
    "stop_grace_period": ("stop_grace_period_s", parse_duration),
    "deploy": ("deploy", _make_deploy),
    "x-ingress": ("ingress", lambda data: Ingress(**_read(data, _INGRESS))),
}
