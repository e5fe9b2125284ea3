"""A replica -> what its node's Consul agent is told of it.

Its check asks the thing that knows: the engine, where the file has a healthcheck (the engine runs it, and
its verdict is the user's own definition of healthy) or where there is no TCP port to connect to; else the port.
"""

from __future__ import annotations

from typing import Any

from orchestrate.model.plan import Replica
from orchestrate.model.spec.service import Service


def registration(replica: Replica) -> dict[str, Any]:
    """The `registration` of the module `replicas`. The address is the container's, known to the node."""
    service = replica.service
    return {
        "id": replica.name,
        "service": f"{replica.project}--{service.name}",
        "port": service.network.port or 0,
        "tags": [],
        "aliases": [f"{replica.project}--{alias}" for alias in service.network.aliases],
        "meta": {
            "project": replica.project,
            "service": service.name,
            "slot": str(replica.slot),
            "revision": replica.revision,
        },
        "check": _check(service),
    }


def _check(service: Service) -> dict[str, Any]:
    if service.lifecycle.completes:
        return {"kind": "none"}
    own = service.lifecycle.healthcheck
    if own and own.test[0] != "NONE":
        return {"kind": "engine", "interval_s": 2, "timeout_s": 5}
    if service.network.ingress or service.network.port in service.network.tcp_ports:
        return {"kind": "tcp", "interval_s": 1, "timeout_s": 1}
    return {"kind": "engine", "interval_s": 5, "timeout_s": 5}
