"""The ways into the cluster: `x-ingress` of every service, of all projects together.

Two services cannot answer for the same host and path. The first by (project, service) keeps it, the
other is refused by name, and everything else still goes out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import ConfigureProxy, ProxyConfiguration, ProxyPort, Route, Unmet
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.service import Service

_SLOTS_STEP = 10


def routes(
    projects: Iterable[Project], nodes: Iterable[ObservedNode]
) -> tuple[tuple[Route, ...], tuple[Unmet, ...]]:
    """`nodes` bound the replicas of a global service."""
    count = sum(node.node.runs_containers for node in nodes)
    taken: dict[tuple[str, str], Route] = {}
    refused: list[Unmet] = []
    for route in sorted(_all(projects, count), key=lambda route: (route.project, route.service)):
        first = taken.setdefault((route.host, route.path), route)
        if first is not route:
            refused.append(_refusal(route, first))
    found = sorted(taken.values(), key=lambda route: (route.host, route.path))
    return tuple(found), tuple(refused)


def configuration(
    found: tuple[Route, ...], ports: tuple[ProxyPort, ...] = ()
) -> ProxyConfiguration:
    """Return what every proxy is given; its fingerprint tells one set of routes and ports from another."""
    served = [asdict(route) for route in found] + [asdict(port) for port in ports]
    text = json.dumps(served, sort_keys=True)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()[:16]
    return ProxyConfiguration(routes=found, ports=ports, fingerprint=fingerprint)


NO_ROUTES = configuration(())


def proxy_actions(
    nodes: Iterable[ObservedNode], wanted: ProxyConfiguration
) -> Iterator[ConfigureProxy]:
    """Yield an action for each proxy whose configuration is not the wanted one."""
    for node in nodes:
        if not (node.answered and node.node.proxies) or "absent" in _states(node):
            continue
        reason = _why(node, wanted.fingerprint)
        if reason:
            yield ConfigureProxy(
                node=node.name,
                reason=reason,
                dns_address=node.network.gateway,
                configuration=wanted,
            )


def _states(node: ObservedNode) -> tuple[str, str]:
    """HAProxy asks Consul at the node's address in the network."""
    return node.proxy.state, node.network.state


def _why(node: ObservedNode, wanted: str) -> str:
    if node.proxy.problems:
        return "; ".join(node.proxy.problems)
    if node.proxy.state != "running":
        return "HAProxy is not running"
    return "" if node.proxy.routes == wanted else "routes changed"


def _all(projects: Iterable[Project], nodes: int) -> Iterator[Route]:
    for project in projects:
        for service in project.services:
            if service.network.ingress:
                yield Route(
                    project=project.name,
                    service=service.name,
                    host=service.network.ingress.host,
                    path=service.network.ingress.path,
                    consul_service=f"{project.name}--{service.name}",
                    slots=slots(service, nodes),
                )


def slots(service: Service, nodes: int) -> int:
    """Room for a rollout and for growth, in tens: scaling by a few changes no configuration."""
    replicas = nodes if service.deploy.is_global else service.deploy.replicas
    return (replicas * 2 // _SLOTS_STEP + 1) * _SLOTS_STEP


def _refusal(route: Route, first: Route) -> Unmet:
    return Unmet(
        subject=f"{route.project}/{route.service}",
        reason=f"x-ingress {route.host}{route.path} already belongs to "
        f"{first.project}/{first.service}: choose another host or path",
    )
