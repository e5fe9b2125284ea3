"""A service to the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from orchestrate.model.spec.lifecycle import Dependency, Healthcheck, Hook, Lifecycle
from orchestrate.model.spec.network import Ingress, Port, ServiceNetwork
from orchestrate.model.spec.service import ContainerSpec, Service
from orchestrate.model.spec.storage import Mount, Storage
from orchestrate.spec.budget import parse_budget
from orchestrate.spec.convert.attributes import make_attributes
from orchestrate.spec.convert.deploy import make_deploy
from orchestrate.spec.convert.fields import Fields, each, read_fields
from orchestrate.spec.convert.files import Files, make_mounts
from orchestrate.spec.located import Plain
from orchestrate.spec.quantities import parse_duration


def make_service(
    name: str, data: Plain, files: Files, joined: Mapping[str, Any], *, is_awaited: bool
) -> Service:
    """Make the model's service. `joined` are the fields of its network that the whole project decides."""
    service = Service(
        name=name,
        container=ContainerSpec(**read_fields(data, _CONTAINER), attributes=make_attributes(data)),
        network=ServiceNetwork(**read_fields(data, _NETWORK), **joined),
        storage=Storage(**read_fields(data, _STORAGE), files=make_mounts(data, files)),
        **read_fields(data, _SERVICE),
    )
    is_job = service.deploy.is_job
    return replace(
        service,
        lifecycle=Lifecycle(
            completes=is_job or is_awaited,
            unattended=is_job and not is_awaited,
            **read_fields(data, _LIFECYCLE),
        ),
    )


def _make_port(data: Plain) -> Port:
    return Port(**read_fields(data, _PORT))


def _make_mount(data: Plain) -> Mount:
    """Leave out the options that the engine sets anyway."""
    options = {key: value for key, value in data.items() if key not in {"bind", "volume"}}
    options |= data.get("bind", {}) | data.get("volume", {})
    if options.get("propagation") == _ENGINES_OWN_PROPAGATION:
        del options["propagation"]
    return Mount(**options)


def _make_healthcheck(data: Plain) -> Healthcheck:
    """Take zero for the default, as the engine does."""
    if data.get("disable"):
        return Healthcheck(test=("NONE",))
    return Healthcheck(
        **{name: value for name, value in read_fields(data, _HEALTHCHECK).items() if value}
    )


def _make_dependencies(data: Plain) -> tuple[Dependency, ...]:
    return tuple(Dependency(service=name, **entry) for name, entry in data.items())


def _make_hook(data: Plain) -> Hook:
    return Hook(**read_fields(data, _HOOK))


_ENGINES_OWN_PROPAGATION = "rprivate"
_HOOK: Fields = {
    "command": ("command", tuple),
    "user": ("user", str),
    "privileged": ("privileged", bool),
    "working_dir": ("working_dir", str),
    "environment": ("environment", dict),
}
_PORT: Fields = {
    "mode": ("mode", str),
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
    "start_interval": ("start_interval_s", parse_duration),
}
_INGRESS: Fields = {
    "host": ("host", str),
    "path": ("path", str),
    "port": ("port", int),
    "drain_timeout": ("drain_timeout_s", parse_duration),
}
_CONTAINER: Fields = {
    "command": ("command", tuple),
    "entrypoint": ("entrypoint", tuple),
    "environment": ("environment", dict),
    "labels": ("labels", dict),
    "user": ("user", str),
}
_NETWORK: Fields = {
    "ports": ("ports", each(_make_port)),
    "expose": ("expose", each(int)),
    "dns_search": ("dns_search", tuple),
    "dns_opt": ("dns_options", tuple),
    "x-ingress": ("ingress", lambda data: Ingress(**read_fields(data, _INGRESS))),
}
_STORAGE: Fields = {"volumes": ("mounts", each(_make_mount))}
_LIFECYCLE: Fields = {
    "healthcheck": ("healthcheck", _make_healthcheck),
    "restart": ("restart", str),
    "stop_grace_period": ("stop_grace_period_s", parse_duration),
    "post_start": ("post_start", each(_make_hook)),
    "pre_stop": ("pre_stop", each(_make_hook)),
}
_SERVICE: Fields = {
    "image": ("image", str),
    "pull_policy": ("pull_policy", str),
    "platform": ("platform", str),
    "deploy": ("deploy", make_deploy),
    "depends_on": ("depends_on", _make_dependencies),
    "x-priority": ("priority", int),
    "x-budget": ("budget", lambda data: parse_budget(str(data["max_unavailable"]))),
}
