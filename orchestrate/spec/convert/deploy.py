"""`deploy` to the model."""

from __future__ import annotations

from collections import Counter

from orchestrate.model.spec.deploy import Deploy, Resources, RestartPolicy, UpdateConfig
from orchestrate.spec.constraints import parse_constraint
from orchestrate.spec.convert.fields import Fields, each, read_fields
from orchestrate.spec.located import Plain
from orchestrate.spec.node_keys import parse_spread
from orchestrate.spec.quantities import parse_duration


def make_deploy(data: Plain) -> Deploy:
    return Deploy(
        **read_fields(data, _DEPLOY), **read_fields(data.get("placement", {}), _PLACEMENT)
    )


def _make_resources(data: Plain) -> Resources:
    """Reserve a limited resource up to its limit where the file reserves none, as Kubernetes does."""
    limits = data.get("limits", {})
    reserved = {key: limits[key] for key in ("cpus", "memory") if key in limits}
    reserved |= data.get("reservations", {})
    return Resources(**read_fields(limits, _LIMITS), **read_fields(reserved, _RESERVATIONS))


def _counted(items: Plain) -> Counter[str]:
    """Count the items: a device that is named twice is needed twice."""
    found: Counter[str] = Counter()
    for one in items:
        spec = one["discrete_resource_spec"]
        found[spec["kind"]] += int(spec["value"])
    return found


_LIMITS: Fields = {
    "cpus": ("limit_cpus", float),
    "memory": ("limit_memory", int),
    "pids": ("limit_pids", int),
}
_RESERVATIONS: Fields = {
    "cpus": ("reserved_cpus", float),
    "memory": ("reserved_memory", int),
    "generic_resources": ("generic", lambda items: dict(_counted(items))),
}
_UPDATE: Fields = {
    "parallelism": ("parallelism", int),
    "delay": ("delay_s", parse_duration),
    "order": ("order", str),
    "monitor": ("monitor_s", parse_duration),
    "failure_action": ("failure_action", str),
    "max_failure_ratio": ("max_failure_ratio", float),
}
_PLACEMENT: Fields = {
    "constraints": ("constraints", each(parse_constraint)),
    "max_replicas_per_node": ("max_replicas_per_node", int),
    "preferences": ("preferences", each(lambda one: parse_spread(one["spread"]))),
    "x-strategy": ("strategy", str),
}
_RESTART: Fields = {
    "condition": ("condition", str),
    "delay": ("delay_s", parse_duration),
    "max_attempts": ("max_attempts", int),
    "window": ("window_s", parse_duration),
}
_DEPLOY: Fields = {
    "mode": ("mode", str),
    "replicas": ("replicas", int),
    "resources": ("resources", _make_resources),
    "labels": ("labels", dict),
    "endpoint_mode": ("endpoint_mode", str),
    "restart_policy": (
        "restart_policy",
        lambda data: RestartPolicy(**read_fields(data, _RESTART)),
    ),
    "rollback_config": (
        "rollback",
        lambda data: UpdateConfig(**read_fields(data, _UPDATE)),
    ),
    "update_config": ("update", lambda data: UpdateConfig(**read_fields(data, _UPDATE))),
}
