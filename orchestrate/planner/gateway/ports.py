"""Ports that services publish on the proxies, of all projects together, and what stands in their way.

All proxies answer at all of them. Of two services that want the same one, the first by (project, service)
keeps it, the other is refused by name; a file that would bring that about is refused before it is deployed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from orchestrate.errors import InputError
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import ProxyPort, Unmet
from orchestrate.model.spec.project import Project
from orchestrate.planner.gateway.routes import slots

_ADVICE = "publish another port"


def published(
    projects: Sequence[Project], nodes: Sequence[ObservedNode], last: str = ""
) -> tuple[tuple[ProxyPort, ...], tuple[Unmet, ...]]:
    """Return the ports that the proxies publish, and those that they cannot publish.

    The project `last` keeps no port that another one wants.
    """
    taken: dict[int, list[ProxyPort]] = defaultdict(list)
    refused: list[Unmet] = []
    for port in sorted(_all(projects, nodes), key=lambda one: (one.project == last, _rank(one))):
        reason = _clash(port, taken[port.published]) or _requests(port, projects, nodes)
        if reason:
            refused.append(_unmet(port, reason))
        else:
            taken[port.published].append(port)
    found = (port for ports in taken.values() for port in ports)
    return tuple(sorted(found, key=_rank)), tuple(refused)


def hindered(
    ports: Iterable[ProxyPort], projects: Sequence[Project], nodes: Sequence[ObservedNode]
) -> Iterator[Unmet]:
    """Yield the published ports at which some proxy cannot answer."""
    proxies = [node for node in nodes if node.node.proxies]
    still = _node_ports(projects)
    for port in ports:
        reasons = [reason for node in proxies if (reason := _holder(port, node, still))]
        reason = next(iter(reasons), "") or _nowhere(port, proxies)
        if reason:
            yield _unmet(port, reason)


def _node_ports(projects: Iterable[Project]) -> set[tuple[str, str, int]]:
    return {
        (project.name, service.name, port.published)
        for project in projects
        for service in project.services
        for port in service.network.node_ports
    }


def refuse_clashes(projects: Sequence[Project], name: str, nodes: Sequence[ObservedNode]) -> None:
    """InputError when the project `name` brings about that a port cannot be published."""
    before = {*_obstacles([one for one in projects if one.name != name], nodes)}
    new = [one for one in _obstacles(projects, nodes, name) if one not in before]
    if new:
        said = "\n".join(f"{one.subject}: {one.reason}" for one in new)
        raise InputError(f"{said}\nnothing was changed")


def _obstacles(
    projects: Sequence[Project], nodes: Sequence[ObservedNode], last: str = ""
) -> Iterator[Unmet]:
    found, refused = published(projects, nodes, last)
    yield from refused
    yield from hindered(found, projects, nodes)


def _all(projects: Iterable[Project], nodes: Sequence[ObservedNode]) -> Iterator[ProxyPort]:
    count = sum(node.node.runs_containers for node in nodes)
    for project in projects:
        for service in project.services:
            for port in service.network.proxy_ports:
                yield ProxyPort(
                    project=project.name,
                    service=service.name,
                    address=port.host_ip,
                    published=port.published,
                    target=port.target,
                    consul_service=f"{project.name}--{service.name}",
                    slots=slots(service, count),
                )


def _rank(port: ProxyPort) -> tuple[str, str, int, str]:
    return port.project, port.service, port.published, port.address


def _clash(port: ProxyPort, others: Iterable[ProxyPort]) -> str:
    other = next((other for other in others if _meets(port, other.address, other.published)), None)
    return f"{other.project}/{other.service} publishes it too: {_ADVICE}" if other else ""


def _requests(port: ProxyPort, projects: Iterable[Project], nodes: Iterable[ObservedNode]) -> str:
    """Name the user of the proxies' request port. Without any x-ingress that port is free."""
    proxies = (node.proxy for node in nodes if node.node.proxies)
    binds = {(proxy.request_address, proxy.request_port) for proxy in proxies}
    if not any(_meets(port, *bind) for bind in binds):
        return ""
    for project in projects:
        for service in project.services:
            if service.network.ingress:
                user = f"{project.name}/{service.name}"
                return (
                    f"the proxies answer the x-ingress of {user} there: {_ADVICE}, "
                    "use x-ingress for both, or set proxy_bind_port"
                )
    return ""


def _meets(port: ProxyPort, address: str, number: int) -> bool:
    """True if both are the same place; an address that is not given may be any.

    The collection, which is of use without this planner, has the same rule in its filter `ports`.
    """
    return port.published == number and (port.address == address or not (port.address and address))


def _holder(port: ProxyPort, node: ObservedNode, still: set[tuple[str, str, int]]) -> str:
    """Name another listener on the port; a replica that is about to give the port up does not count."""
    ours = _replica_ports(node)
    holder = ours.get(port.published)
    if holder and (*holder, port.published) in still:
        return f"{'/'.join(holder)} publishes it on {node.name} (mode: host): {_ADVICE}"
    if holder or not any(_meets(port, *one) for one in node.proxy.listening):
        return ""
    return f"another program listens there on {node.name}: {_ADVICE}"


def _replica_ports(node: ObservedNode) -> Mapping[int, tuple[str, str]]:
    return {
        port["published"]: (container.project, container.service)
        for container in node.engine.containers
        for port in container.config.get("ports", ())
        if port["protocol"] == "tcp"
    }


def _nowhere(port: ProxyPort, proxies: Sequence[ObservedNode]) -> str:
    """A proxy that does not tell its addresses may have it."""
    if not port.address or not all(node.proxy.own_addresses for node in proxies):
        return ""
    if any(port.address in node.proxy.own_addresses for node in proxies):
        return ""
    names = ", ".join(node.name for node in proxies) or "there is none"
    return f"no proxy has the address {port.address} ({names}): name one that a proxy has, or none"


def _unmet(port: ProxyPort, reason: str) -> Unmet:
    where = f"{port.address}:{port.published}" if port.address else f"{port.published}"
    return Unmet(
        subject=f"{port.project}/{port.service}",
        reason=f"port {where} of the proxies cannot be published: {reason}",
    )
