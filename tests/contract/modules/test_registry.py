"""Registries: what a tag stands for, and who may pull."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import docker
import pytest

from orchestrate.render.play import LOGINS
from tests.contract.modules.conftest import Images
from tests.contract.modules.site import NETWORK, PROJECT, Site
from tests.contract.modules.test_by_ansible import run
from tests.contract.modules.test_pull import answers, forget, pull
from tests.until import until
from tests.vaults import password_file, vaulted_variable

pytestmark = pytest.mark.contract

LOGIN = "keeper:open sesame"
# The line of the file htpasswd for it; the registry takes bcrypt only.
LINE = "keeper:$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW"


@pytest.fixture(scope="module")
def registry(
    client: docker.DockerClient, images: Images, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A registry that asks who one is."""
    directory = tmp_path_factory.mktemp("registry")
    (directory / "htpasswd").write_text(f"{LINE}\n", encoding="utf-8")
    container = client.containers.run(
        images.registry,
        name=f"private-registry-of-{PROJECT}",
        detach=True,
        network=NETWORK,
        ports={"5000/tcp": ("127.0.0.1", None)},
        volumes=[f"{directory}:/auth:ro"],
        environment={
            "REGISTRY_AUTH": "htpasswd",
            "REGISTRY_AUTH_HTPASSWD_REALM": "tests",
            "REGISTRY_AUTH_HTPASSWD_PATH": "/auth/htpasswd",
        },
    )
    container.reload()
    address = f"127.0.0.1:{container.ports['5000/tcp'][0]['HostPort']}"
    until(lambda: answers(address, HTTPStatus.UNAUTHORIZED), "the registry asks who we are")
    yield address
    container.remove(force=True, v=True)


@pytest.fixture
def image(site: Site, registry: str) -> Iterator[tuple[str, str]]:
    """An image that is in the registry and not on the node, and its digest."""
    name, (user, _, password) = f"{registry}/web:1", LOGIN.partition(":")
    site.client.images.get(site.image).tag(name)
    said = list(
        site.client.images.push(
            name,
            stream=True,
            decode=True,
            auth_config={"username": user, "password": password},
        )
    )
    forget(site, name)
    yield name, next(one["aux"]["Digest"] for one in said if "aux" in one)
    forget(site, name)


def resolved(site: Site, *images: str, **arguments: Any) -> dict[str, str]:
    answer = site.run("node_info", network=NETWORK, resolve=list(images), **arguments)
    return dict(answer["node"]["digests"])


def docker_config(directory: Path, registry: str, login: str) -> dict[str, str]:
    """What `docker login` leaves behind."""
    file = directory / "config.json"
    auth = b64encode(login.encode()).decode()
    file.write_text(json.dumps({"auths": {registry: {"auth": auth}}}), encoding="utf-8")
    return {"docker_config": str(file)}


def test_a_tag_stands_for_a_digest(site: Site, image: tuple[str, str], registry: str) -> None:
    name, digest = image
    logins = {"registry_logins": {registry: LOGIN}}

    assert resolved(site, name, f"{registry}/nope:1", "127.0.0.1:9/web:1", **logins) == {
        name: digest
    }
    assert resolved(site, name) == {}


def test_what_is_pinned_is_pulled_and_runs(
    site: Site, image: tuple[str, str], registry: str
) -> None:
    pinned = "@".join(image)
    logins = {"registry_logins": {registry: LOGIN}}
    start = site.start(f"{PROJECT}-web-1-r1", image=pinned)

    answer = site.run("replicas", actions=[pull(pinned), start], **logins)

    assert answer["results"][0]["detail"] == "pulled"
    assert site.seen(f"{PROJECT}-web-1-r1")["config"]["image"] == pinned
    assert pinned.replace(":1@", "@") in site.look()["tags"]
    assert not site.replicas(pull(pinned), start)["changed"]
    assert LOGIN.partition(":")[2] not in json.dumps(answer)
    site.client.containers.get(f"{PROJECT}-web-1-r1").remove(force=True)
    site.client.images.remove(pinned)


def test_the_login_of_the_node_is_taken(
    site: Site, image: tuple[str, str], registry: str, tmp_path: Path
) -> None:
    config = docker_config(tmp_path, registry, LOGIN)

    assert resolved(site, image[0], **config) == {image[0]: image[1]}
    assert not site.run("replicas", actions=[pull(image[0])], **config).get("failed")


def test_the_login_comes_out_of_the_vault(
    site: Site, image: tuple[str, str], registry: str, tmp_path: Path
) -> None:
    """As it is written into every plan; all that Ansible says leaves the password out."""
    variables = tmp_path / "variables.yml"
    login = vaulted_variable(LOGIN, "key")
    variables.write_text(f'registry_logins:\n  "{registry}": {login}\n')
    options = ("-vvvvv", "-e", f"@{variables}", "--vault-password-file")

    said = run(
        site,
        "replicas",
        {"actions": [pull(image[0])], **LOGINS},
        tmp_path,
        *options,
        password_file(tmp_path, "key"),
    )

    assert '"detail": "pulled"' in said
    assert LOGIN.partition(":")[2] not in said


@pytest.mark.parametrize("login", ["", "keeper:wrong"])
def test_whom_the_registry_does_not_know_is_told(
    site: Site, image: tuple[str, str], registry: str, login: str
) -> None:
    logins = {"registry_logins": {registry: login} if login else {}}

    answer = site.run("replicas", actions=[pull(image[0])], **logins)

    assert answer["msg"].startswith(f"image {image[0]}: cannot be pulled: ")
    assert "no basic auth credentials" in answer["msg"] or "unauthorized" in answer["msg"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("{", "cannot be read", id="no-json"),
        pytest.param('{"auths": {"r.example": {"auth": "%%%"}}}', "cannot be", id="no-base64"),
    ],
)
def test_a_broken_file_of_logins_is_named(
    site: Site, tmp_path: Path, content: str, said: str
) -> None:
    file = tmp_path / "config.json"
    file.write_text(content, encoding="utf-8")

    answer = site.run("replicas", actions=[pull("r.example/web:1")], docker_config=str(file))

    assert said in answer["msg"]
    assert str(file) in answer["msg"]
