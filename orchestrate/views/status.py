"""The snapshot -> rows for a person or a program. Nothing is decided here, and no number becomes text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import ProxyPort
from orchestrate.model.settings import Settings
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.service import Service
from orchestrate.planner.containers.images import short
from orchestrate.planner.gateway.ports import published
from orchestrate.planner.nodes.problems import problems, stands_by
from orchestrate.planner.placement.filters import broken_constraint
from orchestrate.planner.placement.ledger import Account, open_ledger
from orchestrate.planner.snapshot import ObservedReplica, is_lost, replicas_by_service
from orchestrate.scheduler.demand import ServiceKey
from orchestrate.views.rows import (
    ForeignUsage,
    IngressRow,
    MemoryUsage,
    NodeRow,
    PortRow,
    ReplicaRow,
    ServiceRow,
    Usage,
)


def service_rows(projects: Sequence[Project], observed: Observed) -> Iterator[ServiceRow]:
    groups = replicas_by_service(observed)
    ports: dict[ServiceKey, list[PortRow]] = defaultdict(list)
    for port in published(projects, observed.nodes)[0]:
        ports[port.project, port.service].append(_proxy_port(port, observed))
    for project in projects:
        for service in project.services:
            key = project.name, service.name
            group = groups.get(key, ())
            passing = [replica for replica in group if _is_as_wanted(service, replica)]
            yield ServiceRow(
                project=project.name,
                service=service.name,
                mode=service.deploy.mode,
                passing=len(passing),
                wanted=_wanted(service, observed),
                image=short(service.image),
                ingress=_ingress(service),
                ports=tuple(ports[key]),
                nodes=tuple(sorted({replica.node.name for replica in passing})),
            )


def replica_rows(observed: Observed) -> Iterator[ReplicaRow]:
    for group in sorted(replicas_by_service(observed).items()):
        for one in sorted(group[1], key=lambda one: (one.container.slot, one.node.name)):
            yield _replica_row(one)


def node_rows(observed: Observed, settings: Settings) -> Iterator[NodeRow]:
    known = (*observed.nodes, *observed.standby)
    ledger = open_ledger(known)
    for node in sorted(known, key=lambda one: one.name):
        account = ledger.get(node.name)
        yield NodeRow(
            node=node.name,
            status=_status(node, observed.at, settings),
            availability=node.record.availability,
            parts=tuple(_parts(node)),
            replicas=account.total if account else 0,
            cpus=_cpus(account),
            memory=_memory(account),
            resources=_resources(account),
            foreign=_foreign(node),
            labels=dict(sorted(node.node.labels.items())),
            problems=tuple(problems(node)),
        )


def _is_as_wanted(service: Service, one: ObservedReplica) -> bool:
    return one.has_completed if service.lifecycle.completes else one.is_passing


def _wanted(service: Service, observed: Observed) -> int:
    if not service.deploy.is_global:
        return service.deploy.replicas
    return sum(
        node.node.runs_containers and broken_constraint(service.deploy.constraints, node) is None
        for node in observed.nodes
    )


def _ingress(service: Service) -> IngressRow | None:
    ingress = service.network.ingress
    return IngressRow(host=ingress.host, path=ingress.path) if ingress else None


def _proxy_port(port: ProxyPort, observed: Observed) -> PortRow:
    nodes = tuple(
        node.name
        for node in observed.nodes
        if node.node.proxies and node.answered and node.proxy.state == "running"
    )
    return PortRow(
        address=port.address,
        nodes=nodes,
        published=port.published,
        target=port.target,
    )


def _node_port(port: Mapping[str, Any]) -> PortRow:
    return PortRow(
        address=port["host_ip"],
        published=port["published"],
        target=port["target"],
        protocol=port["protocol"],
    )


def _replica_row(one: ObservedReplica) -> ReplicaRow:
    container = one.container
    return ReplicaRow(
        replica=one.label,
        node=one.node.name,
        state=_state(one),
        health=one.registration.status if one.registration else "not registered",
        address=container.address,
        ports=tuple(map(_node_port, container.config.get("ports", ()))),
        image=short(str(container.config.get("image", ""))),
        revision=container.revision,
        container=container.name,
        started_at=container.started_at,
    )


def _state(one: ObservedReplica) -> str:
    """Return the state; for a replica that runs to completion, how it ended."""
    if not one.container.completes or one.container.state != "exited":
        return one.container.state
    code = one.container.exit_code
    return "completed" if code == 0 else f"failed (exit code {code})"


def _status(node: ObservedNode, at: float, settings: Settings) -> str:
    if stands_by(node):
        return "standby"
    if node.answered:
        return "ready" if not any(problems(node)) else "degraded"
    return "down" if is_lost(node, at, settings) else "unknown"


def _parts(node: ObservedNode) -> Iterator[str]:
    if node.node.runs_containers:
        yield "node"
    if node.node.serves_consul:
        yield "consul"
    if node.node.proxies:
        yield "proxy"


def _cpus(account: Account | None) -> Usage | None:
    return Usage(reserved=account.cpus[0], capacity=account.cpus[1]) if account else None


def _memory(account: Account | None) -> MemoryUsage | None:
    if account is None:
        return None
    reserved, capacity = account.memory
    return MemoryUsage(reserved=reserved, capacity=capacity)


def _resources(account: Account | None) -> dict[str, Usage]:
    pieces = account.pieces.items() if account else ()
    return {name: Usage(reserved=used, capacity=capacity) for name, (used, capacity) in pieces}


def _foreign(node: ObservedNode) -> ForeignUsage | None:
    amounts = node.capacity.foreign
    if not any(amounts.values()):
        return None
    return ForeignUsage(
        cpus=amounts.get("cpus", 0),
        memory=int(amounts.get("memory", 0)),
        pids=int(amounts.get("pids", 0)),
    )
