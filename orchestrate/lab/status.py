"""The status of labs, read from the engine."""

from __future__ import annotations

from dataclasses import dataclass

from docker.models.containers import Container
from docker.models.networks import Network

from orchestrate.lab.engine import Engine
from orchestrate.lab.image import NodeKind
from orchestrate.lab.network import addresses_of, files_of, list_networks, name_of_lab
from orchestrate.lab.nodes import NodeState, address_of, kind_of, list_nodes, name_of, state_of
from orchestrate.lab.registry import REGISTRY_ADDRESS, find_registry, local_address


@dataclass(frozen=True, slots=True)
class NodeStatus:
    name: str
    address: str
    kind: NodeKind
    state: NodeState


@dataclass(frozen=True, slots=True)
class LabStatus:
    name: str
    engine: str  # for DOCKER_HOST
    subnet: str
    inventory: str
    registry: str  # as nodes call it
    registry_here: str  # from this machine; empty when it does not run
    nodes: tuple[NodeStatus, ...]


def read_status(engine: Engine, lab: str | None = None) -> tuple[LabStatus, ...]:
    """Return the status of a lab, or of all labs."""
    return tuple(_describe(engine, network) for network in list_networks(engine.client, lab))


def _describe(engine: Engine, network: Network) -> LabStatus:
    name = name_of_lab(network)
    registry = find_registry(engine.client, name)
    return LabStatus(
        name=name,
        engine=engine.address,
        subnet=str(addresses_of(network).subnet),
        inventory=str(files_of(network).inventory),
        registry=REGISTRY_ADDRESS,
        registry_here=local_address(registry) if registry else "",
        nodes=tuple(_describe_node(node) for node in list_nodes(engine.client, name)),
    )


def _describe_node(node: Container) -> NodeStatus:
    return NodeStatus(name_of(node), address_of(node), kind_of(node), state_of(node))
