"""Pulling: the engine reports failures in the middle of its progress, and they are not lost."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import docker
import pytest

from tests.contract.modules.conftest import Images
from tests.contract.modules.site import NETWORK, PROJECT, Site
from tests.until import until

pytestmark = pytest.mark.contract


@pytest.fixture(scope="module")
def registry(client: docker.DockerClient, images: Images) -> Iterator[str]:
    container = client.containers.run(
        images.registry,
        name=f"registry-of-{PROJECT}",
        detach=True,
        network=NETWORK,
        ports={"5000/tcp": ("127.0.0.1", None)},
    )
    container.reload()
    address = f"127.0.0.1:{container.ports['5000/tcp'][0]['HostPort']}"
    until(lambda: answers(address), "the registry answers")
    yield address
    container.remove(force=True, v=True)


@pytest.fixture
def image(site: Site, registry: str) -> Iterator[str]:
    """An image that is in the registry and not on the node."""
    name = f"{registry}/web:1"
    push(site, name, site.image)
    yield name
    forget(site, name)


def pull(image: str, **changes: Any) -> dict[str, Any]:
    return {"action": "pull", "image": image, **changes}


def test_it_is_pulled_once(site: Site, image: str) -> None:
    foreseen = site.replicas(pull(image), check=True)
    assert image not in site.look()["tags"]

    first, second = site.replicas(pull(image)), site.replicas(pull(image))

    assert foreseen["results"] == first["results"]
    assert first["results"][0]["detail"] == "pulled"
    assert second["results"][0]["detail"] == "nothing to do"
    assert image in site.look()["tags"]


def test_always_looks_for_a_newer_one(site: Site, image: str, images: Images) -> None:
    site.replicas(pull(image))
    assert not site.replicas(pull(image, always=True))["changed"]
    push(site, image, images.registry)
    site.client.images.get(site.image).tag(image)

    assert not site.replicas(pull(image))["changed"]
    assert site.replicas(pull(image, always=True))["changed"]


def test_what_is_not_there_is_named_and_the_rest_is_pulled(
    site: Site, image: str, registry: str
) -> None:
    answer = site.replicas(pull(f"{registry}/web:nope"), pull(image), pull(f"{registry}/nope"))

    assert answer["failed"]
    first, last = answer["msg"].splitlines()
    assert first == (
        f"image {registry}/web:nope: not found in its registry (manifest for {registry}/web:nope "
        "not found: manifest unknown: manifest unknown). Push it there, or correct the name"
    )
    assert last.startswith(f"image {registry}/nope: not found in its registry")
    assert image in site.look()["tags"]


def test_a_registry_that_does_not_answer_is_named(site: Site) -> None:
    answer = site.replicas(pull("127.0.0.1:9/web:1"))

    assert answer["msg"].startswith("image 127.0.0.1:9/web:1: cannot be pulled: ")
    assert "connection refused" in answer["msg"]


def answers(address: str, status: HTTPStatus = HTTPStatus.OK) -> bool:
    connection = http.client.HTTPConnection(address, timeout=5)
    try:
        connection.request("GET", "/v2/")
        return connection.getresponse().status == status
    except OSError:
        return False
    finally:
        connection.close()


def push(site: Site, name: str, image: str) -> None:
    site.client.images.get(image).tag(name)
    for event in site.client.images.push(name, stream=True, decode=True):
        assert "error" not in event, event
    forget(site, name)


def forget(site: Site, name: str) -> None:
    if name in site.look()["tags"]:
        site.client.images.remove(name, noprune=True)
