"""The lab's image registry, which nodes know as `registry.lab:5000`.

It is as real as the nodes: Debian's docker-registry in a container of the lab's network. This
machine pushes to it through a port of the loopback interface.
"""

from __future__ import annotations

import json
import time
from contextlib import closing, suppress
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any

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
_ANSWER_TIMEOUT_S = 5
_POLL_S = 0.05
_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


def ensure_registry(client: docker.DockerClient, network: Network, image: str) -> str:
    """Start it, and answer where this machine reaches it: `127.0.0.1:PORT`."""
    container = find_registry(client, name_of_lab(network)) or _create(client, network, image)
    container.start()
    address = local_address(container)
    _wait_until_it_answers(address)
    return address


def find_registry(client: docker.DockerClient, lab: str) -> Container | None:
    try:
        return client.containers.get(labels.resource_name(lab, "registry"))
    except NotFound:
        return None


def local_address(container: Container) -> str:
    """The port is the engine's choice, and another one each time that the registry starts."""
    container.reload()
    bindings = container.ports.get(f"{REGISTRY_PORT}/tcp")
    return f"127.0.0.1:{bindings[0]['HostPort']}" if bindings else ""


def fetch_manifest(registry: str, name: str) -> dict[str, Any]:
    """Return the registry's manifest of an image; empty when it has no such image."""
    repository, _, tag = name.partition(":")
    connection = HTTPConnection(registry, timeout=_ANSWER_TIMEOUT_S)
    with closing(connection):
        connection.request(
            "GET", f"/v2/{repository}/manifests/{tag}", headers={"Accept": _MANIFEST}
        )
        answer = connection.getresponse()
        return dict(json.load(answer)) if answer.status == HTTPStatus.OK else {}


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


def _create(client: docker.DockerClient, network: Network, image: str) -> Container:
    lab = name_of_lab(network)
    return client.containers.create(
        image,
        name=labels.resource_name(lab, "registry"),
        hostname="registry",
        labels={labels.LAB: lab},
        ports={f"{REGISTRY_PORT}/tcp": ("127.0.0.1", None)},
        network=network.name,
        networking_config=fix_address(network, addresses_of(network).registry),
    )


def _wait_until_it_answers(registry: str) -> None:
    deadline = time.monotonic() + _START_DEADLINE_S
    while time.monotonic() < deadline:
        with suppress(OSError):
            fetch_manifest(registry, "none:none")
            return
        time.sleep(_POLL_S)
    raise InputError(f"the lab's registry does not answer on {registry}")
