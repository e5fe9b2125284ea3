"""What a node's containers hold of it: memory, CPUs, host ports, volumes; and what a plan adds.

Only reservations count, never real usage (SwarmKit, manager/scheduler/nodeinfo.go); they are read from
the containers themselves, so that there is no second book that could disagree with the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any

from orchestrate.model.observed import Container, ObservedNode
from orchestrate.model.plan import Replica
from orchestrate.planner.replica import CPUS_LABEL, MEMORY_LABEL

_LEFT_TO_ENGINE = 16
"""The last addresses of a subnet, of which the engine picks for containers that are not ours."""


@dataclass(slots=True, kw_only=True)
class Account:
    """One node's side of the ledger. Grows as replicas are placed; never leaves the planner."""

    node: ObservedNode
    memory: float = 0
    cpus: float = 0
    replicas: Counter[tuple[str, str]] = field(default_factory=Counter)
    ports: set[tuple[int, str]] = field(default_factory=set)
    volumes: set[str] = field(default_factory=set)
    mounted: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    """Volume -> the services whose replicas have it mounted here."""
    abandoned: set[str] = field(default_factory=set)
    """The volumes that containers which no file wants any more still have mounted."""
    lent: set[str] = field(default_factory=set)
    """The addresses that the plan gives to new containers."""
    is_unmended: bool = False
    """This cycle tried in vain to mend a part of the node."""

    @property
    def total(self) -> int:
        return self.replicas.total()

    def book(self, replica: Replica) -> None:
        self.memory += replica.service.deploy.resources.reserved_memory
        self.cpus += replica.service.deploy.resources.reserved_cpus
        self.replicas[replica.project, replica.service.name] += 1
        self.ports |= {(port.published, port.protocol) for port in replica.service.ports}
        self._mount((replica.project, replica.service.name), mounted_volumes(replica.config))

    @property
    def free_address(self) -> str | None:
        """The lowest that nobody holds: nor one who goes in this plan, since others may still let it in.

        Empty where the subnet is not known: then the node chooses.
        """
        if not self.node.subnet:
            return ""
        subnet = IPv4Network(self.node.subnet)
        taken = {self.node.gateway, *self.node.addresses, *self.lent}
        known = (str(host) for host in subnet.hosts() if host < subnet[-_LEFT_TO_ENGINE])
        return next((address for address in known if address not in taken), None)

    def lend_address(self) -> str:
        address = self.free_address or ""
        self.lent.add(address)
        return address

    def enter(self, container: Container) -> None:
        """Book a container that is there already."""
        self.memory += _number(container.labels.get(MEMORY_LABEL))
        self.cpus += _number(container.labels.get(CPUS_LABEL))
        self.replicas[container.project, container.service] += 1
        ports = container.config.get("ports", ())
        self.ports |= {(port["published"], port["protocol"]) for port in ports}
        self._mount((container.project, container.service), mounted_volumes(container.config))

    def leave(self, container: Container) -> None:
        """Book a container out: it will be gone before anything new comes."""
        service = (container.project, container.service)
        self.memory -= _number(container.labels.get(MEMORY_LABEL))
        self.cpus -= _number(container.labels.get(CPUS_LABEL))
        self.replicas[service] -= 1
        ports = container.config.get("ports", ())
        self.ports -= {(port["published"], port["protocol"]) for port in ports}
        for name in mounted_volumes(container.config):
            self.mounted[name].discard(service)
            self.abandoned.discard(name)

    def _mount(self, service: tuple[str, str], names: Iterable[str]) -> None:
        for name in names:
            self.volumes.add(name)
            self.mounted.setdefault(name, set()).add(service)


def open_ledger(
    nodes: Iterable[ObservedNode],
    wanted: Collection[tuple[str, str]] | None = None,
    unmended: Collection[str] = (),
) -> dict[str, Account]:
    """An account for every node that can be read. `wanted`: the services of all files, if that matters."""
    return {
        node.name: _opened(node, wanted, is_unmended=node.name in unmended)
        for node in sorted(nodes, key=lambda node: node.name)
        if node.is_readable
    }


def _opened(
    node: ObservedNode, wanted: Collection[tuple[str, str]] | None, *, is_unmended: bool
) -> Account:
    """A proxy that cannot be mended keeps nobody from running there."""
    is_sound = node.network.is_sound and node.consul.is_sound
    account = Account(
        node=node,
        ports=set(node.published),
        volumes=set(node.volumes),
        is_unmended=is_unmended and not is_sound,
    )
    for container in node.containers:
        account.enter(container)
        if wanted is not None and (container.project, container.service) not in wanted:
            account.abandoned.update(mounted_volumes(container.config))
    return account


def mounted_volumes(config: Mapping[str, Any]) -> tuple[str, ...]:
    mounts = config.get("mounts", ())
    return tuple(mount["source"] for mount in mounts if mount["type"] == "volume")


def _number(text: str | None) -> float:
    """A label is data from a node: what is no number counts as nothing."""
    try:
        return float(text or 0)
    except ValueError:
        return 0
