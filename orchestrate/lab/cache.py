"""The images and downloads that labs are made of and leave for the next one."""

from __future__ import annotations

import shutil

from orchestrate.errors import InputError
from orchestrate.lab.engine import Engine, find_engine, release_engine
from orchestrate.lab.image import IMAGE_PREFIX
from orchestrate.lab.lock import hold_lock
from orchestrate.lab.network import list_networks, name_of_lab
from orchestrate.lab.paths import cache_directory
from orchestrate.lab.progress import Progress


def clear_cache(progress: Progress) -> None:
    """Remove it all, when no lab is left that lives on it."""
    with hold_lock(progress):
        engine = find_engine()
        if engine:
            _refuse_while_in_use(engine)
            with progress.step("removing the images of labs"):
                _remove_images(engine)
            release_engine(engine)
        shutil.rmtree(cache_directory(), ignore_errors=True)


def _refuse_while_in_use(engine: Engine) -> None:
    labs = [name_of_lab(network) for network in list_networks(engine.client)]
    if labs:
        raise InputError(
            f"in use by lab {', '.join(labs)}: `orchestrate lab down --name NAME` first"
        )
    if engine.is_own and (others := engine.client.containers.list(all=True)):
        names = ", ".join(container.name for container in others)
        raise InputError(f"the lab's Docker Engine ({engine.address}) has containers left: {names}")


def _remove_images(engine: Engine) -> None:
    tags = [tag for image in engine.client.images.list() for tag in image.tags]
    for tag in tags:
        if tag.startswith(IMAGE_PREFIX):
            engine.client.images.remove(tag, force=True)
