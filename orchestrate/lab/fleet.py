"""The nodes of a lab together: started side by side, and introduced to their users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import docker
from docker.models.containers import Container
from docker.models.networks import Network

from orchestrate.lab import faults, ssh
from orchestrate.lab.image import NodeKind
from orchestrate.lab.network import name_of_lab
from orchestrate.lab.nodes import address_of, create_node, list_nodes, name_of

_WORKERS = 8


@dataclass(frozen=True, slots=True)
class NodeRecipe:
    kind: NodeKind
    image: str
    public_key: str


def ensure_nodes(
    client: docker.DockerClient, network: Network, names: Iterable[str], recipe: NodeRecipe
) -> None:
    """Each of them runs, is connected, and lets the lab's key in."""
    present = {name_of(node): node for node in list_nodes(client, name_of_lab(network))}

    def ensure(name: str) -> None:
        node = present.get(name) or create_node(client, network, name, recipe.kind, recipe.image)
        faults.revive(node)
        ssh.authorize(node, recipe.public_key)

    with ThreadPoolExecutor(_WORKERS) as pool:
        list(pool.map(ensure, names))


def wait_for_nodes(nodes: Iterable[Container]) -> Mapping[str, str]:
    """The nodes' host keys by address, once all of them answer."""
    host_keys = {}
    for node in nodes:
        address = address_of(node)
        host_keys[address] = ssh.read_host_key(node)
        ssh.wait_for_sshd(name_of(node), address)
    return host_keys
