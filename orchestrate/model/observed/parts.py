"""The parts of a node, each with its state and what was seen of it.

The state has no default: it is said by the node, or it is `unknown`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from orchestrate.model.network import Policy
from orchestrate.model.observed.container import Container
from orchestrate.model.observed.registration import Registration

SaidState = Literal["running", "stopped", "absent", "ok", "drifted"]
PartState = SaidState | Literal["unknown"]
"""`unknown`: the node did not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The state of a part, and what is wrong with it."""

    state: PartState
    problems: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        return self.state in {"running", "ok"} and not self.problems

    def mended(self, state: PartState) -> Self:
        return replace(self, state=state, problems=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine(Part):
    """The Docker Engine, and what it holds."""

    version: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    containers: tuple[Container, ...] = ()
    images: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    digests: Mapping[str, str] = field(default_factory=dict)
    """The digests that the tags of some images stand for now, where this node was asked to find out."""
    volumes: Mapping[str, str] = field(default_factory=dict)
    """Volume -> the project whose label it carries."""
    published: frozenset[tuple[int, str]] = frozenset()
    """Port and protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeNetwork(Part):
    """The node's end of the network that replicas reach each other in."""

    gateway: str = ""
    """The node's own address in the network, where Consul's DNS answers."""
    subnet: str = ""
    addresses: frozenset[str] = frozenset()
    """The addresses of the subnet that containers hold, ours or not."""
    peers: frozenset[str] = frozenset()
    """The nodes that it has routes to, by name."""
    policy: Policy | None = None
    """The policy that says who may reach its replicas; None where that could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsulAgent(Part):
    """The node's Consul agent."""

    registrations: tuple[Registration, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy(Part):
    """The HAProxy of a node, and the sockets of its host."""

    routes: str = ""
    """Fingerprint of the routes that the proxy was last given."""
    request_port: int = 0
    """The port at which the proxy answers the requests of `x-ingress`; 0 where that is not known."""
    request_address: str = ""
    """The address that it answers them at; empty: at all."""
    own_addresses: frozenset[str] = frozenset()
    """The addresses of the host itself."""
    listening: frozenset[tuple[str, int]] = frozenset()
    """(address, port) at which others than HAProxy listen on the host; the address empty: on all."""
