"""From nothing to a lab, and back."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import docker
from docker.models.containers import Container
from docker.models.networks import Network

from orchestrate.errors import InputError
from orchestrate.lab import engine, labels, ssh
from orchestrate.lab.addresses import node_names
from orchestrate.lab.consul_binary import ConsulBinary, ensure_consul_binary
from orchestrate.lab.image import NodeKind, ensure_node_image
from orchestrate.lab.example_images import ensure_example_images
from orchestrate.lab.inventory import describe_lab, write_inventory
from orchestrate.lab.network import addresses_of, ensure_network, find_network
from orchestrate.lab.nodes import create_node, list_nodes, name_of, number_of
from orchestrate.lab.packaged import ensure_packaged_images
from orchestrate.lab.paths import LabFiles
from orchestrate.lab.progress import Progress
from orchestrate.lab.registry import ensure_registry


@dataclass(frozen=True, slots=True)
class LabRequest:
    """What `up` is asked for. `nodes` None: as many as there are, or three."""

    name: str
    nodes: int | None = None
    kind: NodeKind = "full"


def bring_up(request: LabRequest, progress: Progress) -> LabFiles:
    files = LabFiles.of(request.name)
    with progress.step("finding a Docker Engine"):
        client = engine.find_or_start_engine()
    consul = ensure_consul_binary(progress)
    image = ensure_node_image(client, request.kind, progress)
    network = ensure_network(client, request.name, str(files.directory))
    packaged = ensure_packaged_images(client, progress)
    registry = ensure_registry(client, network, packaged["registry"])
    ensure_example_images(client, registry, packaged, progress)
    _ensure_nodes(client, network, request, image)
    with progress.step("waiting for the nodes to answer"):
        _introduce(client, network, files, consul)
    return files


def take_down(name: str, progress: Progress) -> None:
    client = engine.find_engine()
    if client is None:
        return
    for container in client.containers.list(all=True, filters=labels.selector(name)):
        container.remove(force=True, v=True)
    for volume in client.volumes.list(filters=labels.selector(name)):
        volume.remove()
    if network := find_network(client, name):
        network.remove()
    if engine.is_own(client) and not client.networks.list(filters=labels.selector()):
        engine.stop_own_engine()
    shutil.rmtree(LabFiles.of(name).directory, ignore_errors=True)


def _ensure_nodes(
    client: docker.DockerClient, network: Network, request: LabRequest, image: str
) -> None:
    present = {name_of(container): container for container in list_nodes(client, request.name)}
    names = node_names(request.nodes or len(present) or 3)
    public_key = ssh.ensure_key(LabFiles.of(request.name).key)
    for node in names:
        container = present.get(node) or create_node(client, network, node, request.kind, image)
        ssh.authorize(container, public_key)
        container.start()


def _introduce(client: docker.DockerClient, network: Network, files: LabFiles, consul: ConsulBinary) -> None:
    addresses = addresses_of(network)
    containers = list_nodes(client, network.attrs["Labels"][labels.LAB])
    nodes = {
        name_of(container): str(addresses.node(number_of(name_of(container))))
        for container in containers
    }
    host_keys = {
        nodes[name_of(container)]: ssh.read_host_key(container) for container in containers
    }
    for address in nodes.values():
        ssh.wait_for_sshd(address)
    ssh.write_known_hosts(files.known_hosts, host_keys)
    write_inventory(files.inventory, describe_lab(nodes, files, consul))
