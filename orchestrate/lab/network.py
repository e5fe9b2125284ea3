"""A lab's network: one bridge with the addresses of the lab's index."""

from __future__ import annotations

from ipaddress import IPv4Address

import docker
from docker.errors import APIError
from docker.models.networks import Network
from docker.types import EndpointConfig, IPAMConfig, IPAMPool

from orchestrate.errors import InputError
from orchestrate.lab import labels
from orchestrate.lab.addresses import LabAddresses, choose_index


def find_network(client: docker.DockerClient, lab: str) -> Network | None:
    return next(iter(client.networks.list(filters=labels.selector(lab))), None)


def addresses_of(network: Network) -> LabAddresses:
    return LabAddresses(int(network.attrs["Labels"][labels.INDEX]))


def name_of_lab(network: Network) -> str:
    return str(network.attrs["Labels"][labels.LAB])


def fix_address(network: Network, address: IPv4Address) -> dict[str, EndpointConfig]:
    """The `networking_config` of a container that has this address, each time it starts."""
    version = network.client.api.api_version
    return {network.name: EndpointConfig(version, ipv4_address=str(address))}


def ensure_network(client: docker.DockerClient, lab: str, directory: str) -> Network:
    if network := find_network(client, lab):
        return network
    others = client.networks.list(filters=labels.selector())
    addresses = LabAddresses(choose_index(addresses_of(other).index for other in others))
    pool = IPAMPool(subnet=str(addresses.subnet), gateway=str(addresses.gateway))
    try:
        return client.networks.create(
            labels.resource_name(lab),
            driver="bridge",
            ipam=IPAMConfig(pool_configs=[pool]),
            options=_options(addresses),
            labels={
                labels.LAB: lab,
                labels.INDEX: str(addresses.index),
                labels.DIRECTORY: directory,
            },
        )
    except APIError as error:
        raise InputError(
            f"lab {lab}: cannot make a network with {addresses.subnet}: {error.explanation}"
        ) from error


def _options(addresses: LabAddresses) -> dict[str, str]:
    return {"com.docker.network.bridge.name": f"orch-lab{addresses.index}"}
