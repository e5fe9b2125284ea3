"""`deploy`: how many replicas, on which nodes, with what of a node, and how they are replaced."""

from __future__ import annotations

from typing import get_args

from orchestrate.model.settings import Strategy
from orchestrate.spec.constraints import parse_constraint
from orchestrate.spec.located import Plain
from orchestrate.spec.node_keys import parse_spread
from orchestrate.spec.quantities import parse_decimal
from orchestrate.spec.rules.cursor import Cursor
from orchestrate.spec.rules.devices import RESERVED_DEVICES
from orchestrate.spec.rules.kinds import ListOf, NoEffect, Scalar, Section
from orchestrate.spec.rules.pairs import LABELS
from orchestrate.spec.rules.scalars import (
    CORES,
    DURATION,
    RATIO,
    SIZE,
    WHOLE,
    matching,
    one_of,
)


def _check_mode(spot: Cursor, deploy: Plain) -> None:
    mode = deploy.get("mode", "")
    if mode.startswith("global") and "replicas" in deploy:
        spot.refuse(f'"replicas" has no meaning in mode {mode}, one on each node: remove it')


def _check_resources(spot: Cursor, resources: Plain) -> None:
    limits, reservations = resources.get("limits", {}), resources.get("reservations", {})
    for name in ("cpus", "memory"):
        limit, reserved = parse_decimal(limits.get(name, "0")), reservations.get(name, "0")
        if limit and (parse_decimal(reserved) or 0) > limit:
            spot.refuse(f"reserves more {name} ({reserved}) than its limit allows ({limits[name]})")


def _note_attempts(spot: Cursor, policy: Plain) -> None:
    """Note attempts whose effect is not known yet: those of a job count whatever the condition."""
    if policy.get("max_attempts") and policy.get("condition", "any") == "any":
        dict(spot.entries())["max_attempts"].note("attempts", policy)


def check_deploy(spot: Cursor, deploy: Plain) -> None:
    """Check again what has come in from keys that are older than `deploy`."""
    _check_mode(spot, deploy)
    _check_resources(spot, deploy.get("resources", {}))


_GENERIC = Section(
    {
        "discrete_resource_spec": Section(
            {
                "kind": matching(
                    'a name such as "gpu"', r"(?!(memory|cpus|pids)$)[A-Za-z][A-Za-z0-9_.-]*"
                ),
                "value": WHOLE,
            },
            required={
                "kind": "name what is counted, as in orchestrate_capacity of the nodes",
                "value": "say how many",
            },
        )
    },
    required={"discrete_resource_spec": "write {kind: gpu, value: 1} below it"},
)

_RESOURCES = Section(
    keys={
        "limits": Section({"cpus": CORES, "memory": SIZE, "pids": WHOLE}),
        "reservations": Section(
            {
                "cpus": CORES,
                "memory": SIZE,
                "devices": RESERVED_DEVICES,
                "generic_resources": ListOf(_GENERIC),
            }
        ),
    },
    checks=(_check_resources,),
)

_PLACEMENT = Section(
    {
        "constraints": ListOf(
            Scalar(
                'a constraint such as "node.labels.disk == ssd"', lambda t: str(parse_constraint(t))
            )
        ),
        "preferences": ListOf(
            Section(
                {"spread": Scalar('a key such as "node.labels.zone"', parse_spread)},
                required={"spread": "say over what, such as node.labels.zone"},
            )
        ),
        "max_replicas_per_node": WHOLE,
        "x-strategy": one_of(*get_args(Strategy)),
    }
)

_DELAY = (
    "has no effect yet: the next replicas are replaced as soon as those before them have stayed "
    'healthy for "monitor"'
)
_RATIO = "has no effect yet: one replica that fails ends the run, whatever its share"
_ROLLS_BACK = (
    'has no effect yet: after a failure the rollout is held as with "pause"; to go back, deploy '
    "the file of the version before"
)
_ROLLBACK_CONFIG = (
    "has no effect yet: nothing is rolled back by itself, and the file of the version before is "
    'deployed by its "update_config"'
)
_RESTART_DELAY = (
    "has no effect: the engine starts a container again after 0.1 s, and waits twice as long each "
    "time, up to a minute"
)
_RESTART_WINDOW = (
    "has no effect: for the engine, a container that has run for 10 s was started successfully"
)
_VIP = (
    'has no effect: a name resolves to the addresses of the replicas, as with "dnsrr", and '
    "published ports go through the proxies"
)
_SERVICE_LABELS = (
    'has no effect: a service is no object of its own here; "labels" of the service are those of '
    "its containers"
)

_BATCHES = {
    "parallelism": WHOLE,
    "delay": DURATION,
    "order": one_of("start-first", "stop-first"),
    "monitor": DURATION,
    "max_failure_ratio": RATIO,
}
_UPDATE = Section(
    {
        **_BATCHES,
        "delay": NoEffect(DURATION, _DELAY, same=("0s",)),
        "max_failure_ratio": NoEffect(RATIO, _RATIO, same=(0,)),
        "failure_action": NoEffect(
            one_of("pause", "continue", "rollback"), _ROLLS_BACK, of=("rollback",)
        ),
    }
)
_ROLLBACK = Section(
    {
        **_BATCHES,
        "failure_action": one_of("pause", "continue", advice="a rollback is never rolled back"),
    }
)
_RESTART = Section(
    {
        "condition": one_of("any", "on-failure", "none"),
        "delay": NoEffect(DURATION, _RESTART_DELAY, same=("0s",)),
        "max_attempts": WHOLE,
        "window": NoEffect(DURATION, _RESTART_WINDOW, same=("0s",)),
    },
    checks=(_note_attempts,),
)

DEPLOY = Section(
    keys={
        "mode": one_of("replicated", "global", "replicated-job", "global-job"),
        "replicas": WHOLE,
        "resources": _RESOURCES,
        "placement": _PLACEMENT,
        "update_config": _UPDATE,
        "rollback_config": NoEffect(_ROLLBACK, _ROLLBACK_CONFIG),
        "restart_policy": _RESTART,
        "endpoint_mode": NoEffect(one_of("vip", "dnsrr"), _VIP, of=("vip",)),
        "labels": NoEffect(LABELS, _SERVICE_LABELS),
    },
    checks=(_check_mode,),
    may_be_empty=True,
)
