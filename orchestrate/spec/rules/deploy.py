"""`deploy`: how many replicas, on which nodes, with what of a node, and how they are replaced."""

from __future__ import annotations

from orchestrate.model.constraint import parse_constraint
from orchestrate.spec.located import Plain
from orchestrate.spec.quantities import parse_decimal
from orchestrate.spec.rules.kinds import ListOf, Refused, Scalar, Section
from orchestrate.spec.rules.scalars import CORES, DURATION, RATIO, SIZE, WHOLE, one_of
from orchestrate.spec.rules.spot import Spot

_JOBS = "a replica runs for as long as its service is wanted, jobs are not supported"


def _check_mode(spot: Spot, deploy: Plain) -> None:
    if deploy.get("mode") == "global" and "replicas" in deploy:
        spot.refuse('"replicas" has no meaning in mode global, one on each node: remove it')


def _check_resources(spot: Spot, resources: Plain) -> None:
    limits = resources.get("limits", {})
    for name, reserved in resources.get("reservations", {}).items():
        limit = parse_decimal(limits.get(name, "0"))
        if limit and (parse_decimal(reserved) or 0) > limit:
            spot.refuse(f"reserves more {name} ({reserved}) than its limit allows ({limits[name]})")


_RESOURCES = Section(
    keys={
        "limits": Section({"cpus": CORES, "memory": SIZE, "pids": WHOLE}),
        "reservations": Section(
            {
                "cpus": CORES,
                "memory": SIZE,
                "devices": Refused("choose nodes that have the device by placement.constraints"),
                "generic_resources": Refused("choose nodes by placement.constraints"),
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
        "preferences": Refused("replicas are spread evenly over the nodes: remove it"),
        "max_replicas_per_node": Refused("replicas are spread evenly over the nodes: remove it"),
    }
)

_UPDATE = Section(
    {
        "parallelism": WHOLE,
        "delay": DURATION,
        "order": one_of("start-first", "stop-first"),
        "monitor": DURATION,
        "failure_action": one_of("pause", "continue", "rollback"),
        "max_failure_ratio": RATIO,
    }
)

DEPLOY = Section(
    keys={
        "mode": one_of("replicated", "global", advice=_JOBS),
        "replicas": WHOLE,
        "resources": _RESOURCES,
        "placement": _PLACEMENT,
        "update_config": _UPDATE,
        "rollback_config": Refused("going back is done as update_config says: remove it"),
        "restart_policy": Refused("a replica that ends is always started again: remove it"),
        "endpoint_mode": Refused("a name resolves to the addresses of its replicas: remove it"),
        "labels": Refused('there is no object to carry them: write "labels" of the service'),
    },
    checks=(_check_mode,),
    may_be_empty=True,
)
