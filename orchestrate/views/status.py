"""The snapshot -> the rows that a person asks for. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orchestrate.model.observed import Observed, ObservedNode
from orchestrate.model.plan import ProxyPort
from orchestrate.model.settings import Settings
from orchestrate.model.spec import Project, Service
from orchestrate.planner.containers.images import short
from orchestrate.planner.gateway.ports import published
from orchestrate.planner.placement.capacity import foreign_share
from orchestrate.planner.placement.filters import broken_constraint
from orchestrate.planner.placement.ledger import Account, open_ledger
from orchestrate.planner.snapshot import ObservedReplica, is_lost, replicas_by_service
from orchestrate.scheduler.demand import CORE, CPUS, MEMORY, PIDS
from orchestrate.views.rows import NodeRow, ReplicaRow, ServiceRow

_GIB = 1 << 30


def service_rows(projects: Sequence[Project], observed: Observed) -> Iterator[ServiceRow]:
    seen = replicas_by_service(observed)
    ports, _ = published(projects, observed.nodes)
    for project in projects:
        for service in project.services:
            group = seen.get((project.name, service.name), ())
            passing = [one for one in group if _is_as_wanted(service, one)]
            yield ServiceRow(
                project=project.name,
                service=service.name,
                mode=service.deploy.mode,
                passing=len(passing),
                wanted=_wanted(service, observed),
                image=short(service.image),
                ingress=_ingress(service),
                ports=tuple(
                    _port_row(port, observed)
                    for port in ports
                    if (port.project, port.service) == (project.name, service.name)
                ),
                nodes=tuple(sorted({one.node.name for one in passing})),
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
            availability=node.availability,
            parts=tuple(_parts(node)),
            replicas=account.total if account else 0,
            cpus=_reserved_cpus(account),
            memory=_reserved_memory(account),
            resources=_reserved_pieces(account),
            foreign=tuple(_foreign(node)),
            labels=", ".join(f"{key}={value}" for key, value in sorted(node.node.labels.items())),
            problems=tuple(_problems(node)),
        )


def _is_as_wanted(service: Service, one: ObservedReplica) -> bool:
    return one.has_completed if service.completes else one.is_passing


def _wanted(service: Service, observed: Observed) -> int:
    if not service.deploy.is_global:
        return service.deploy.replicas
    return sum(
        node.node.runs_containers and broken_constraint(service.deploy.constraints, node) is None
        for node in observed.nodes
    )


def _ingress(service: Service) -> str:
    return f"{service.ingress.host or '*'}{service.ingress.path}" if service.ingress else ""


def _port_row(port: ProxyPort, observed: Observed) -> str:
    proxies = (node for node in observed.nodes if node.node.proxies)
    names = (node.name for node in proxies if node.answered and node.proxy.state == "running")
    return f"{port.address or ','.join(names) or 'no proxy'}:{port.published}->{port.target}"


def _node_port(port: Mapping[str, Any]) -> str:
    address = f"{port['host_ip']}:" if port["host_ip"] else ""
    return f"{address}{port['published']}->{port['target']}/{port['protocol']}"


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
    """Of what runs to its end, how it ended."""
    if not one.container.completes or one.container.state != "exited":
        return one.container.state
    code = one.container.exit_code
    return "completed" if code == 0 else f"failed (exit code {code})"


def _status(node: ObservedNode, at: float, settings: Settings) -> str:
    if _stands_by(node):
        return "standby"
    if node.answered:
        return "ready" if not list(_problems(node)) else "degraded"
    return "down" if is_lost(node, at, settings) else "unknown"


def _stands_by(node: ObservedNode) -> bool:
    return node.node.stands_by and not node.node.runs_containers


def _parts(node: ObservedNode) -> Iterator[str]:
    if node.node.runs_containers:
        yield "node"
    if node.node.serves_consul:
        yield "consul"
    if node.node.proxies:
        yield "proxy"


def _problems(node: ObservedNode) -> Iterator[str]:
    if not node.answered:
        yield node.detail or "does not answer"
    if not node.answered or _stands_by(node):
        return
    parts = {"engine": node.engine, "network": node.network, "Consul agent": node.consul}
    if not node.node.runs_containers:
        del parts["engine"]
    if node.node.proxies:
        parts["proxy"] = node.proxy
    for name, part in parts.items():
        if not part.is_sound:
            yield "; ".join(part.problems) or f"{name} {part.state}"


def _reserved_cpus(account: Account | None) -> str:
    if account is None:
        return ""
    reserved, most = account.cpus
    return f"{reserved:g}/{most:g}"


def _reserved_memory(account: Account | None) -> str:
    if account is None:
        return ""
    reserved, most = account.memory
    return f"{reserved / _GIB:.1f}/{most / _GIB:.1f} GiB"


def _reserved_pieces(account: Account | None) -> tuple[str, ...]:
    pieces = account.pieces.items() if account else ()
    return tuple(f"{name} {reserved}/{most}" for name, (reserved, most) in pieces)


def _foreign(node: ObservedNode) -> Iterator[str]:
    share = foreign_share(node)
    if cpus := share.get(CPUS):
        yield f"{cpus / CORE:g} CPUs"
    if memory := share.get(MEMORY):
        yield f"{memory / _GIB:.1f} GiB"
    if pids := share.get(PIDS):
        yield f"{pids} pids"
