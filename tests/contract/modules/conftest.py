"""The engine and Consul that these tests work with, made once, and gone before a lab takes the engine along."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest

from orchestrate.lab.consul_binary import ensure_consul_binary
from orchestrate.lab.engine import Engine, find_engine, find_or_start_engine, release_engine
from orchestrate.lab.image import build_image, hash_files
from orchestrate.lab.lock import hold_lock
from orchestrate.lab.packaged import ensure_packaged_images
from tests.contract.modules.consul_agent import Agent, running_agent
from tests.contract.modules.site import DYNAMIC, GATEWAY, NETWORK, PROJECT, SUBNET, Site

PLUGINS = Path(__file__).parents[3] / "collections/ansible_collections/orchestrate/cluster"
Parameters = dict[str, str]
KEEPER = "orchestrate-tests-keep-the-engine"
SOCKET = "/var/run/docker.sock"
HEALTH_PROGRAM = PLUGINS / "roles/engine/files/replica-health"


class Silence:
    def step(self, _text: str) -> nullcontext[None]:
        return nullcontext()


@dataclass(frozen=True, slots=True)
class Images:
    web: str
    registry: str


@pytest.fixture(scope="package")
def engine() -> Iterator[Engine]:
    """With a container that keeps it: our own engine ends with the last lab, and labs come and go beside us."""
    if not shutil.which("dockerd") and find_engine() is None:
        pytest.skip("no Docker Engine runs here, and no dockerd is installed")
    with hold_lock(Silence()):
        engine = find_or_start_engine()
        remove_containers(engine.client, f"^/{KEEPER}$")
        image = ensure_packaged_images(engine.client, Silence())["busybox"]
        keeper = engine.client.containers.create(image, "true", name=KEEPER, network_mode="none")
    yield engine
    with hold_lock(Silence()):
        keeper.remove()
        release_engine(engine)


@pytest.fixture(scope="package")
def images(engine: Engine) -> Images:
    with hold_lock(Silence()):
        packaged = ensure_packaged_images(engine.client, Silence())
    recipe = Path(__file__).parent / "image"
    web = f"orchestrate-lab/contract:{hash_files(recipe)}"
    build_image(engine.client, recipe, web, buildargs={"BASE": packaged["busybox"]})
    return Images(web, packaged["registry"])


@pytest.fixture(scope="package")
def client(engine: Engine) -> Iterator[docker.DockerClient]:
    """The engine, with the network that the replicas are put in."""
    sweep(engine.client)
    pool = docker.types.IPAMPool(subnet=SUBNET, iprange=DYNAMIC, gateway=GATEWAY)
    engine.client.networks.create(NETWORK, ipam=docker.types.IPAMConfig(pool_configs=[pool]))
    yield engine.client
    sweep(engine.client)


@pytest.fixture(scope="package")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    binary = ensure_consul_binary(Silence()).path
    with running_agent(binary, tmp_path_factory.mktemp("consul")) as agent:
        yield agent


@pytest.fixture(scope="package")
def parameters(
    engine: Engine, agent: Agent, tmp_path_factory: pytest.TempPathFactory
) -> Parameters:
    """Where the modules find everything; /run is in memory on a node, and need not be so here."""
    directory = tmp_path_factory.mktemp("node")
    socket = engine.address.removeprefix("unix://")
    health = directory / HEALTH_PROGRAM.name
    health.write_text(HEALTH_PROGRAM.read_text(encoding="utf-8").replace(SOCKET, socket))
    health.chmod(0o755)
    (directory / "consul-1").mkdir()
    (directory / "consul-1" / "consul").symlink_to(agent.binary)
    return {
        "file_dir": f"/dev/shm/{PROJECT}",
        "docker_socket": socket,
        "consul_url": agent.url,
        "consul_config_dir": str(agent.services),
        "program_dir": str(directory),
        "record_dir": str(directory),
    }


@pytest.fixture(scope="module")
def shared_site(
    client: docker.DockerClient, images: Images, agent: Agent, parameters: Parameters
) -> Iterator[Site]:
    """One that the tests of a file share."""
    yield Site(client, images.web, parameters)
    leave_nothing(client, agent, parameters)


@pytest.fixture
def site(
    client: docker.DockerClient, images: Images, agent: Agent, parameters: Parameters
) -> Iterator[Site]:
    yield Site(client, images.web, parameters)
    leave_nothing(client, agent, parameters)


def leave_nothing(client: docker.DockerClient, agent: Agent, parameters: Parameters) -> None:
    remove_containers(client, f"^/{PROJECT}")
    shutil.rmtree(parameters["file_dir"], ignore_errors=True)
    for file in agent.services.iterdir():
        file.unlink()
    agent.ask("/v1/agent/reload", "PUT")


def sweep(client: docker.DockerClient) -> None:
    """Remove whatever a run of these tests has made, this one or one that was killed."""
    remove_containers(client, PROJECT)
    for volume in client.volumes.list(filters={"name": PROJECT}):
        volume.remove()
    for network in client.networks.list(names=[NETWORK]):
        network.remove()


def remove_containers(client: docker.DockerClient, pattern: str) -> None:
    for container in client.containers.list(all=True, filters={"name": pattern}):
        container.remove(force=True, v=True)
