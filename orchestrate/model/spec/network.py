"""How a service is reached, and how its replicas reach others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from orchestrate.model.network import Network

_DRAIN_S = 10.0  # a connection of any protocol may be one that never ends by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A port of the proxies, or (`host`) of the replica's own node. `host_ip` empty: on all addresses."""

    target: int
    published: int
    protocol: Literal["tcp", "udp"] = "tcp"
    host_ip: str = ""
    mode: Literal["ingress", "host"] = "ingress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingress:
    """`x-ingress`: requests for `host` (empty: any) below `path` go to `port` of the replicas."""

    host: str = ""
    path: str = "/"
    port: int
    drain_timeout_s: float = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceNetwork:
    """`networks` empty: the project's own, which is all that most services are in."""

    networks: tuple[Network, ...] = ()
    aliases: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    expose: tuple[int, ...] = ()
    ingress: Ingress | None = None
    dns_search: tuple[str, ...] = ()
    dns_options: tuple[str, ...] = ()

    @property
    def node_ports(self) -> tuple[Port, ...]:
        """The ports that a replica publishes on its own node."""
        return tuple(port for port in self.ports if port.mode == "host")

    @property
    def proxy_ports(self) -> tuple[Port, ...]:
        return tuple(port for port in self.ports if port.mode == "ingress")

    @property
    def drain_timeout_s(self) -> float:
        """How long what came through the proxies may go on when a replica is to stop."""
        if self.ingress:
            return self.ingress.drain_timeout_s
        return _DRAIN_S if self.proxy_ports else 0

    @property
    def tcp_ports(self) -> tuple[int, ...]:
        """The ports exposed or published, sorted."""
        published = (port.target for port in self.ports if port.protocol == "tcp")
        return tuple(sorted({*self.expose, *published}))

    @property
    def port(self) -> int | None:
        """The port at which the service is found: that of ingress, else the first one exposed or published."""
        if self.ingress:
            return self.ingress.port
        if self.expose:
            return self.expose[0]
        return self.ports[0].target if self.ports else None
