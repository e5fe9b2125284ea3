"""The nodes of a lab: containers that boot like hosts."""

from __future__ import annotations

from typing import Literal

import docker
from docker.models.containers import Container
from docker.models.networks import Network

from orchestrate.errors import InputError
from orchestrate.lab import labels
from orchestrate.lab.cable import is_plugged
from orchestrate.lab.image import NodeKind
from orchestrate.lab.network import addresses_of, fix_address, name_of_lab
from orchestrate.lab.privilege import choose_privilege, read_bounding_set
from orchestrate.lab.registry import REGISTRY_NAME

NodeState = Literal["running", "stopped", "paused", "partitioned"]

_TMPFS = {"/run": "exec", "/run/lock": "", "/tmp": "exec"}  # noqa: S108 - the node's own, and new


def list_nodes(client: docker.DockerClient, lab: str) -> list[Container]:
    """The nodes of a lab in the order of their numbers, whatever state they are in."""
    found = client.containers.list(all=True, filters=labels.select_nodes(lab))
    return sorted(found, key=lambda container: number_of(name_of(container)))


def find_node(client: docker.DockerClient, lab: str, node: str) -> Container:
    nodes = {name_of(container): container for container in list_nodes(client, lab)}
    if node not in nodes:
        raise InputError(f"lab {lab} has no node {node!r}: it has {', '.join(nodes) or 'none'}")
    return nodes[node]


def name_of(node: Container) -> str:
    return str(node.labels[labels.NODE])


def number_of(node: str) -> int:
    return int(node.removeprefix("n"))


def kind_of(node: Container) -> NodeKind:
    return "bare" if node.labels[labels.KIND] == "bare" else "full"


def state_of(node: Container) -> NodeState:
    if node.status == "paused":
        return "paused"
    if node.status != "running":
        return "stopped"
    return "running" if is_plugged(node) else "partitioned"


def address_of(node: Container) -> str:
    """The address that it was given; it has it each time that it runs."""
    (network,) = node.attrs["NetworkSettings"]["Networks"].values()
    return str(network["IPAMConfig"]["IPv4Address"])


def create_node(
    client: docker.DockerClient, network: Network, node: str, kind: NodeKind, image: str
) -> Container:
    lab = name_of_lab(network)
    addresses = addresses_of(network)
    volume = labels.resource_name(lab, node)
    client.volumes.create(volume, labels={labels.LAB: lab})
    host_config = client.api.create_host_config(
        # A file system of its own: an engine's layers do not stack on those of another.
        binds=[f"{volume}:/var/lib/docker"],
        tmpfs=_TMPFS,
        extra_hosts={REGISTRY_NAME: str(addresses.registry)},
        network_mode=network.name,
        # A reboot ends init by a signal; what is stopped from here is not started again.
        restart_policy={"Name": "on-failure"},
    )
    created = client.api.create_container(
        image,
        name=labels.resource_name(lab, node),
        hostname=node,
        labels={labels.LAB: lab, labels.NODE: node, labels.KIND: kind},
        # Its own view of the cgroup tree: freezing or killing the node takes along the
        # containers inside it, and nothing of them stays on this machine.
        host_config=host_config
        | {"CgroupnsMode": "private"}
        | choose_privilege(*read_bounding_set()),
        networking_config=client.api.create_networking_config(
            fix_address(network, addresses.node(number_of(node)))
        ),
    )
    return client.containers.get(created["Id"])
