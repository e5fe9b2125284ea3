"""The images that nodes are made of: built once, then found by the hash of their recipe."""

from __future__ import annotations

import hashlib
import shutil
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import docker
from docker.errors import APIError, BuildError, ImageNotFound

from orchestrate.errors import InputError
from orchestrate.lab.consul_binary import ConsulBinary
from orchestrate.lab.mirrors import read_mirrors
from orchestrate.lab.progress import Progress
from orchestrate.lab.rootfs import import_debian

NodeKind = Literal["full", "bare"]

IMAGE_PREFIX = "orchestrate-lab/"
_RECIPE = Path(__file__).parent / "node_image"
_SUITE = "bookworm"
_PUBLIC_BASE = f"debian:{_SUITE}-slim"
_BASE = f"{IMAGE_PREFIX}debian:{_SUITE}"
_PUBLIC_REGISTRY = "https://registry-1.docker.io/v2/"
_PROBE_TIMEOUT_S = 3


def ensure_node_image(
    client: docker.DockerClient, kind: NodeKind, consul: ConsulBinary, progress: Progress
) -> str:
    tag = f"{IMAGE_PREFIX}node-{kind}:{hash_files(_RECIPE)}-{consul.checksum[-12:]}"
    if has_image(client, tag):
        return tag
    _ensure_base(client, progress)
    arguments = {"BASE": _BASE, "CONSUL_DIRECTORY": consul.directory}
    with progress.step(f"building the node image ({kind})"), TemporaryDirectory() as folder:
        recipe = shutil.copytree(_RECIPE, Path(folder) / "recipe")
        program = shutil.copyfile(consul.path, recipe / "consul")
        program.chmod(0o755)
        build_image(client, recipe, tag, target=kind, buildargs=arguments)
    return tag


def has_image(client: docker.DockerClient, tag: str) -> bool:
    try:
        client.images.get(tag)
    except ImageNotFound:
        return False
    return True


def hash_files(directory: Path) -> str:
    """A short name for the contents of a directory."""
    digest = hashlib.sha256()
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        digest.update(path.relative_to(directory).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def build_image(client: docker.DockerClient, directory: Path, tag: str, **options: object) -> None:
    try:
        # The engine has no bridge of its own; what a build downloads comes through the host's.
        client.images.build(path=str(directory), tag=tag, rm=True, network_mode="host", **options)
    except BuildError as error:
        lines = [str(entry.get("stream", "")).rstrip() for entry in error.build_log]
        last = [line for line in lines if line][-5:]
        raise InputError("\n".join([f"building {tag} failed: {error.msg}", *last])) from error
    _remove_superseded(client, tag)


def _remove_superseded(client: docker.DockerClient, tag: str) -> None:
    """Recipes change, and each node image is half a gigabyte."""
    repository = tag.rpartition(":")[0]
    tags = [other for image in client.images.list(repository) for other in image.tags]
    for other in tags:
        if other != tag and other.startswith(f"{repository}:"):
            with suppress(APIError):  # a node still runs on it
                client.images.remove(other)


def _ensure_base(client: docker.DockerClient, progress: Progress) -> None:
    """Debian as its makers publish it, or made from packages where those are all we can get."""
    if has_image(client, _BASE):
        return
    if _public_registry_answers():
        with progress.step(f"pulling {_PUBLIC_BASE}"), suppress(APIError):
            _pull_base(client)
            return
    # Also after a pull that failed: a limit of the registry, an engine with no way out.
    with progress.step("making a Debian image from packages (about half a minute)"):
        import_debian(client, _BASE, read_mirrors().release(_SUITE))


def _pull_base(client: docker.DockerClient) -> None:
    """Under a name of ours, which goes with the cache; a name that was there before stays."""
    was_there = has_image(client, _PUBLIC_BASE)
    client.images.pull(_PUBLIC_BASE).tag(*_BASE.split(":"))
    if not was_there:
        client.images.remove(_PUBLIC_BASE, noprune=True)


def _public_registry_answers() -> bool:
    try:
        with urllib.request.urlopen(_PUBLIC_REGISTRY, timeout=_PROBE_TIMEOUT_S):
            return True
    except urllib.error.HTTPError:
        return True  # it asks who we are: it is there
    except OSError:
        return False
