"""A lab's network: one bridge with the addresses of the lab's index."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

import docker
from docker.errors import APIError
from docker.models.networks import Network
from docker.types import EndpointConfig, IPAMConfig, IPAMPool

from orchestrate.errors import InputError
from orchestrate.lab import labels
from orchestrate.lab.addresses import LabAddresses, choose_index
from orchestrate.lab.paths import LabFiles

_EVERYWHERE = "00000000"


def find_network(client: docker.DockerClient, lab: str) -> Network | None:
    return next(iter(list_networks(client, lab)), None)


def list_networks(client: docker.DockerClient, lab: str | None = None) -> list[Network]:
    """Return the network of each lab."""
    chosen = labels.select(lab) if lab else labels.select_all_labs()
    networks = client.networks.list(filters=chosen)
    return sorted(networks, key=lambda network: addresses_of(network).index)


def addresses_of(network: Network) -> LabAddresses:
    return LabAddresses(int(network.attrs["Labels"][labels.INDEX]))


def name_of_lab(network: Network) -> str:
    return str(network.attrs["Labels"][labels.LAB])


def files_of(network: Network) -> LabFiles:
    """The files of a lab where it was first started."""
    return LabFiles(Path(network.attrs["Labels"][labels.DIRECTORY]))


def find_files(network: Network) -> LabFiles:
    """The files of a lab here, or else where it was first started."""
    lab = name_of_lab(network)
    for files in (LabFiles.here(lab), files_of(network)):
        if files.key.exists():
            return files
    raise InputError(
        f"the key of lab {lab} is gone: `orchestrate lab up --name {lab}` makes another"
    )


def fix_address(network: Network, address: IPv4Address) -> dict[str, EndpointConfig]:
    """The `networking_config` of a container that has this address, each time it starts."""
    version = network.client.api.api_version
    return {network.name: EndpointConfig(version, ipv4_address=str(address))}


def ensure_network(client: docker.DockerClient, lab: str, files: LabFiles) -> Network:
    if network := find_network(client, lab):
        return network
    addresses = LabAddresses(
        choose_index(addresses_of(other).index for other in list_networks(client))
    )
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
                labels.DIRECTORY: str(files.directory),
            },
        )
    except APIError as error:
        raise InputError(
            f"lab {lab}: cannot make a network with {addresses.subnet}: {error.explanation}"
        ) from error


def _options(addresses: LabAddresses) -> dict[str, str]:
    options = {"com.docker.network.bridge.name": f"orch-lab{addresses.index}"}
    if mtu := read_outward_mtu():
        options["com.docker.network.driver.mtu"] = mtu
    return options


def read_outward_mtu(proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> str:
    """The packet size of the interface that leads out; a node's `apt` stalls on a larger one."""
    routes = (proc / "net/route").read_text(encoding="ascii").splitlines()[1:]
    for interface, destination, *_ in (line.split() for line in routes if line.strip()):
        if destination == _EVERYWHERE:
            return (sys / "class/net" / interface / "mtu").read_text(encoding="ascii").strip()
    return ""
