"""The nodes of a lab: containers that boot like hosts."""

from __future__ import annotations

from typing import Any

import docker
from docker.models.containers import Container
from docker.models.networks import Network

from orchestrate.lab import labels
from orchestrate.lab.image import NodeKind
from orchestrate.lab.network import addresses_of, fix_address, name_of_lab
from orchestrate.lab.privilege import choose_privilege, read_bounding_set
from orchestrate.lab.registry import REGISTRY_NAME

_TMPFS = {"/run": "exec", "/run/lock": "", "/tmp": "exec"}  # noqa: S108 - mount points of the node


def list_nodes(client: docker.DockerClient, lab: str) -> list[Container]:
    """The nodes of a lab in the order of their numbers, whatever state they are in."""
    found = client.containers.list(
        all=True, filters={"label": [f"{labels.LAB}={lab}", labels.NODE]}
    )
    return sorted(found, key=lambda container: number_of(name_of(container)))


def name_of(container: Container) -> str:
    return str(container.labels[labels.NODE])


def number_of(node: str) -> int:
    return int(node.removeprefix("n"))


def create_node(
    client: docker.DockerClient, network: Network, node: str, kind: NodeKind, image: str
) -> Container:
    lab = name_of_lab(network)
    addresses = addresses_of(network)
    volume = labels.resource_name(lab, node)
    mark = {labels.LAB: lab, labels.NODE: node, labels.KIND: kind, labels.ROLE: "node"}
    client.volumes.create(volume, labels={labels.LAB: lab})
    rights = client.api.create_host_config(
        binds=[f"{volume}:/var/lib/docker"],
        tmpfs=_TMPFS,
        extra_hosts={REGISTRY_NAME: str(addresses.registry)},
        network_mode=network.name,
        # Its own view of the cgroup tree, so that freezing or killing the node takes along
        # the containers inside it, and nothing of them stays on this machine.
        cgroupns="private",
    ) | choose_privilege(*read_bounding_set())
    created = client.api.create_container(
        image,
        name=labels.resource_name(lab, node),
        hostname=node,
        labels=mark,
        host_config=rights,
        networking_config=client.api.create_networking_config(
            fix_address(network, addresses.node(number_of(node)))
        ),
    )
    return client.containers.get(created["Id"])
