"""The contents of a lab's registry: the images of the example project, and a web server for tests.

    registry.lab:5000/counter-web:1  :2     registry.lab:5000/redis:1     registry.lab:5000/httpd:1  :2

The second versions differ from the first in what they answer, which is what a rollout needs to show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import docker

from orchestrate.adapters import shipped
from orchestrate.lab.image import IMAGE_PREFIX, build_image, has_image, hash_files
from orchestrate.lab.packaged import RECIPES
from orchestrate.lab.progress import Progress
from orchestrate.lab.registry import fetch_manifest, push_image

_VERSIONS = ("1", "2")


@dataclass(frozen=True, slots=True)
class _Recipe:
    """A Dockerfile with the arguments BASE and VERSION."""

    name: str
    directory: Path
    base: str


def ensure_example_images(
    client: docker.DockerClient, registry: str, packaged: Mapping[str, str], progress: Progress
) -> None:
    images = {"redis:1": packaged["redis"]}
    for recipe in (
        _Recipe("counter-web", shipped.examples() / "counter" / "web", packaged["python"]),
        _Recipe("httpd", RECIPES / "httpd", packaged["busybox"]),
    ):
        for version in _VERSIONS:
            images[f"{recipe.name}:{version}"] = _ensure_built(client, recipe, version)
    missing = [name for name in images if not _is_published(client, images[name], registry, name)]
    if missing:
        with progress.step(f"pushing {', '.join(missing)} to the lab's registry"):
            for name in missing:
                push_image(client, images[name], registry, name)


def _ensure_built(client: docker.DockerClient, recipe: _Recipe, version: str) -> str:
    base = recipe.base.rpartition(":")[2]
    tag = f"{IMAGE_PREFIX}{recipe.name}-{version}:{hash_files(recipe.directory)}-{base}"
    if not has_image(client, tag):
        arguments = {"BASE": recipe.base, "VERSION": version}
        build_image(client, recipe.directory, tag, buildargs=arguments)
    return tag


def _is_published(client: docker.DockerClient, image: str, registry: str, name: str) -> bool:
    manifest = fetch_manifest(registry, name)
    return bool(manifest.get("config", {}).get("digest") == client.images.get(image).id)
