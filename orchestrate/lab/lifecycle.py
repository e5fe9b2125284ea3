"""The life of a lab: it is brought up and taken down."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor

import docker
from docker.models.networks import Network

from orchestrate.lab import labels, ssh
from orchestrate.lab.consul_binary import ConsulBinary, ensure_consul_binary
from orchestrate.lab.engine import find_or_start_engine, release_engine, wake_engine
from orchestrate.lab.example_images import ensure_example_images
from orchestrate.lab.fleet import NodeRecipe, ensure_nodes, wait_for_nodes
from orchestrate.lab.image import ensure_node_image
from orchestrate.lab.inventory import describe_lab, write_inventory
from orchestrate.lab.lock import hold_lock
from orchestrate.lab.network import (
    ensure_network,
    files_of,
    find_network,
    list_networks,
    name_of_lab,
)
from orchestrate.lab.nodes import address_of, kind_of, list_nodes, name_of
from orchestrate.lab.packaged import ensure_packaged_images
from orchestrate.lab.paths import LabFiles
from orchestrate.lab.progress import Progress
from orchestrate.lab.registry import ensure_registry
from orchestrate.lab.request import LabRequest, check_request, shape_lab


def bring_up(request: LabRequest, progress: Progress) -> LabFiles:
    """Make what is missing of a lab; answers where its inventory is."""
    check_request(request)
    files = LabFiles.here(request.name)
    files.directory.mkdir(parents=True, exist_ok=True)
    with hold_lock(progress):
        with progress.step("finding a Docker Engine"):
            client = find_or_start_engine().client
        shape = shape_lab(request, [kind_of(node) for node in list_nodes(client, request.name)])
        consul = ensure_consul_binary(progress)
        image = ensure_node_image(client, shape.kind, consul, progress)
        network = ensure_network(client, request.name, files)
        _ensure_images(client, network, progress)
        recipe = NodeRecipe(shape.kind, image, ssh.ensure_key(files, files_of(network)))
        with progress.step(f"bringing up {', '.join(shape.nodes)}"):
            ensure_nodes(client, network, shape.nodes, recipe)
            _write_files(client, network, files, consul)
    return files


def take_down(lab: str, progress: Progress) -> bool:
    """Remove all of a lab, whatever state it is in; False when there was nothing of it."""
    with hold_lock(progress):
        engine = wake_engine()
        if engine is None:
            return False
        network = find_network(engine.client, lab)
        places = [LabFiles.here(lab), *([files_of(network)] if network else [])]
        with progress.step(f"removing lab {lab}"):
            found = _remove_resources(engine.client, lab)
        for files in places:
            shutil.rmtree(files.directory, ignore_errors=True)
        if not list_networks(engine.client):
            release_engine(engine)
    return found


def _ensure_images(client: docker.DockerClient, network: Network, progress: Progress) -> None:
    packaged = ensure_packaged_images(client, progress)
    registry = ensure_registry(client, network, packaged["registry"])
    ensure_example_images(client, registry, packaged, progress)


def _write_files(
    client: docker.DockerClient, network: Network, files: LabFiles, consul: ConsulBinary
) -> None:
    """The inventory comes last: where there is one, there is a lab."""
    nodes = list_nodes(client, name_of_lab(network))
    ssh.write_known_hosts(files.known_hosts, wait_for_nodes(nodes))
    addresses = {name_of(node): address_of(node) for node in nodes}
    write_inventory(files.inventory, describe_lab(addresses, files, consul))


def _remove_resources(client: docker.DockerClient, lab: str) -> bool:
    containers = client.containers.list(all=True, filters=labels.select(lab))
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda container: container.remove(force=True, v=True), containers))
    volumes = client.volumes.list(filters=labels.select(lab))
    networks = list_networks(client, lab)
    for resource in (*volumes, *networks):
        resource.remove()
    return bool(containers or volumes or networks)
