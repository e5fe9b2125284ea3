"""Small images made of a few Debian packages: the registry, and what the examples are built on.

No image comes from outside, and nothing is installed: the packages are downloaded once, unpacked,
and become the one layer below a Dockerfile. A recipe names every library, which makes an image of
30 MB where `apt install` in a Debian image would make one of 150.
"""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import docker

from orchestrate.lab.debian import download_packages, unpack_package
from orchestrate.lab.image import IMAGE_PREFIX, build_image, has_image, hash_files
from orchestrate.lab.progress import Progress

RECIPES = Path(__file__).parent / "images"
_SUITE = "bookworm"
_LEFT_OUT = (
    *(f"usr/share/{name}/" for name in ("bug", "doc", "info", "lintian", "locale", "man")),
    *(f"usr/lib/{machine}-linux-gnu/gconv/" for machine in ("x86_64", "aarch64")),
)


def ensure_packaged_images(
    client: docker.DockerClient, progress: Progress, recipes: Path = RECIPES
) -> Mapping[str, str]:
    """The tags of the images, by the names of their recipes; those that are missing get built."""
    found = sorted(path.parent for path in recipes.glob("*/packages"))
    tags = {recipe.name: f"{IMAGE_PREFIX}{recipe.name}:{hash_files(recipe)}" for recipe in found}
    missing = [recipe for recipe in found if not has_image(client, tags[recipe.name])]
    if missing:
        with progress.step(f"building the images {', '.join(recipe.name for recipe in missing)}"):
            _build_all(client, missing, tags)
    return tags


def _build_all(
    client: docker.DockerClient, recipes: Iterable[Path], tags: Mapping[str, str]
) -> None:
    packages = {recipe: (recipe / "packages").read_text().split() for recipe in recipes}
    with tempfile.TemporaryDirectory() as folder:
        downloads = Path(folder)
        download_packages(sorted(set().union(*packages.values())), _SUITE, downloads)
        for recipe, names in packages.items():
            context = downloads / recipe.name
            shutil.copytree(recipe, context / "context")
            for name in names:
                unpack_package(name, downloads, context / "rootfs")
            _pack(context / "rootfs", context / "context" / "rootfs.tar")
            build_image(client, context / "context", tags[recipe.name])


def _pack(rootfs: Path, archive: Path) -> None:
    with tarfile.open(archive, "w") as tar:
        tar.add(rootfs, arcname=".", filter=_keep)


def _keep(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Make root the owner of each file, whoever unpacked it; leave out manuals and the like."""
    if entry.name.removeprefix("./").startswith(_LEFT_OUT):
        return None
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry
