"""The demand of a replica. Replicas of a service have the same, so they are decided together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrate.model.constraint import Constraint
from orchestrate.model.settings import Strategy

ServiceKey = tuple[str, str]
"""Project and name."""
Device = tuple[str, str]
"""What it can do, such as `gpu`, and its id."""
Mark = tuple[str | int, ...]
"""Something that holds of single nodes, such as `("port", 8080, "tcp")`: it is taken there."""

MEMORY, CPUS, PIDS, ADDRESSES = "memory", "cpus", "pids", "addresses"
"""What is counted, in whole numbers so that no sum is inexact: bytes, billionths of a core, and pieces."""
CORE = 10**9
_GENERIC = "generic "


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The things of a node that a replica has for itself: a second one like it finds them taken."""

    ports: tuple[tuple[int, str], ...] = ()
    volumes: tuple[str, ...] = ()
    hardware_address: str = ""
    whole: tuple[str, ...] = ()
    """The kinds of which it takes all that a node has."""
    devices: tuple[Device, ...] = ()

    def __bool__(self) -> bool:
        return bool(
            self.ports or self.volumes or self.hardware_address or self.whole or self.devices
        )


NO_CLAIMS = Claims()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """`needs`: kind -> amount, more than 0. `image`: has to be on the node already; empty: it is pulled."""

    service: ServiceKey
    needs: Mapping[str, int] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()
    platform: str = ""
    image: str = ""
    claims: Claims = NO_CLAIMS
    most_per_node: int = 0
    """0: as many as there is room for."""
    preferences: tuple[str, ...] = ()
    """Keys such as `node.labels.zone`: evenly over their values, the first counts most."""
    strategy: Strategy = "spread"
    engine: int = 0
    """The first version of the engine that will do; 0: any."""
    external: tuple[str, ...] = ()
    """The volumes that have to be there already."""
    failed: Mapping[str, int] = field(default_factory=dict)
    """Node -> how often one like it failed to start there lately. The fewer, the better: before all else."""

    @property
    def is_alone(self) -> bool:
        """True if a second replica would find its port, volume, device or address taken by the first."""
        return bool(self.claims)


def generic_kind(name: str) -> str:
    """The kind of a resource that only people know the meaning of; no name makes it one of the others."""
    return _GENERIC + name


def called(kind: str) -> str:
    """Return the name of the kind for people."""
    return kind.removeprefix(_GENERIC)


def port_mark(number: int, protocol: str) -> Mark:
    """The port of the node is taken."""
    return ("port", number, protocol)


def hardware_mark(address: str) -> Mark:
    """A container has the hardware address."""
    return ("hardware", address)


def device_mark(capability: str, name: str) -> Mark:
    """A container has that very device."""
    return ("device", capability, name)


def volume_mark(name: str) -> Mark:
    """The volume is there."""
    return ("volume", name)


def given_up_mark(name: str) -> Mark:
    """The data of the volume there was given up: it counts only where there is nothing newer."""
    return ("given up", name)


def mounted_mark(name: str, service: ServiceKey) -> Mark:
    """A replica of the service has the volume mounted."""
    return ("mounted", name, *service)


def abandoned_mark(name: str) -> Mark:
    """A container that has to go has the volume mounted."""
    return ("abandoned", name)


def image_mark(image: str) -> Mark:
    """The image is there."""
    return ("image", image)
