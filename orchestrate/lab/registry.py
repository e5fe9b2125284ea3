"""The lab's image registry, which nodes know as `registry.lab:5000`.

It is as real as the nodes: Debian's docker-registry in a container of the lab's network. This
machine pushes to it through a port of the loopback interface.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request

import docker
from docker.errors import NotFound
from docker.models.containers import Container
from docker.models.networks import Network

from orchestrate.errors import InputError
from orchestrate.lab import labels
from orchestrate.lab.network import addresses_of, fix_address, name_of_lab

REGISTRY_NAME = "registry.lab"
REGISTRY_PORT = 5000
REGISTRY_ADDRESS = f"{REGISTRY_NAME}:{REGISTRY_PORT}"
_START_DEADLINE_S = 30
_POLL_S = 0.05


def ensure_registry(client: docker.DockerClient, network: Network, image: str) -> str:
    """Start it, and answer where this machine reaches it: `127.0.0.1:PORT`."""
    name = labels.resource_name(name_of_lab(network), "registry")
    try:
        container = client.containers.get(name)
    except NotFound:
        container = _create(client, network, name, image)
    container.start()
    address = local_address(container)
    _wait_until_it_answers(address)
    return address


def find_registry(client: docker.DockerClient, lab: str) -> Container | None:
    mark = {"label": [f"{labels.LAB}={lab}", f"{labels.ROLE}=registry"]}
    return next(iter(client.containers.list(all=True, filters=mark)), None)


def local_address(container: Container) -> str:
    """The port is the engine's choice, and another one each time that the registry starts."""
    container.reload()
    bindings = container.ports.get(f"{REGISTRY_PORT}/tcp")
    return f"127.0.0.1:{bindings[0]['HostPort']}" if bindings else ""


def push_image(client: docker.DockerClient, image: str, registry: str, name: str) -> None:
    """Make the engine's `image` known to nodes as `registry.lab:5000/<name>`."""
    repository, _, tag = f"{registry}/{name}".rpartition(":")
    client.images.get(image).tag(repository, tag)
    try:
        for event in client.images.push(repository, tag, stream=True, decode=True):
            if "error" in event:
                raise InputError(f"{name} cannot be pushed to the lab's registry: {event['error']}")
    finally:
        client.images.remove(f"{repository}:{tag}", noprune=True)


def _create(client: docker.DockerClient, network: Network, name: str, image: str) -> Container:
    return client.containers.create(
        image,
        name=name,
        hostname="registry",
        labels={labels.LAB: name_of_lab(network), labels.ROLE: "registry"},
        ports={f"{REGISTRY_PORT}/tcp": ("127.0.0.1", None)},
        network=network.name,
        networking_config=fix_address(network, addresses_of(network).registry),
    )


def _wait_until_it_answers(address: str) -> None:
    deadline = time.monotonic() + _START_DEADLINE_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{address}/v2/", timeout=1):
                return
        except OSError:
            time.sleep(_POLL_S)
    raise InputError(f"the lab's registry does not answer on {address}")
