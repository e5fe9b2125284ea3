"""Debian root file systems made on this machine, for where no image registry can be reached."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, cast

import docker

from orchestrate.errors import InputError

_SUITE = "bookworm"
_PIECE_BYTES = 1 << 20
_SOURCES = (
    "deb http://deb.debian.org/debian bookworm main",
    "deb http://deb.debian.org/debian bookworm-updates main",
    "deb http://deb.debian.org/debian-security bookworm-security main",
)


@dataclass(frozen=True, slots=True)
class Rootfs:
    """What mmdebstrap is asked for. `variant` as in its manual: `minbase` boots, `extract` holds
    the named packages and what they need, unpacked and not configured."""

    variant: str
    packages: tuple[str, ...] = ()

    def command(self) -> list[str]:
        include = [f"--include={','.join(self.packages)}"] if self.packages else []
        quiet = ["--quiet", "--dpkgopt=path-exclude=/usr/share/doc/*"]
        return ["mmdebstrap", f"--variant={self.variant}", *include, *quiet, _SUITE, "-", *_SOURCES]


def import_rootfs(client: docker.DockerClient, rootfs: Rootfs, tag: str) -> None:
    """Make it and hand it to the engine as image `tag`, as a stream: nothing lands on the disk."""
    if shutil.which("mmdebstrap") is None:
        raise InputError(
            "no image registry can be reached, so images are made from Debian packages, "
            "which takes mmdebstrap: `apt install mmdebstrap`"
        )
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(rootfs.command(), stdout=subprocess.PIPE, stderr=errors) as process:
            import_stream(client, cast("IO[bytes]", process.stdout), tag)
        if process.returncode != 0:
            client.images.remove(tag, force=True)
            errors.seek(0)
            last_lines = errors.read().decode(errors="replace").splitlines()[-5:]
            raise InputError("\n".join(["mmdebstrap could not make an image:", *last_lines]))


def import_stream(
    client: docker.DockerClient, tar: IO[bytes], tag: str, changes: Sequence[str] = ()
) -> None:
    """Give the engine a tar archive as image `tag`, in pieces as they come."""
    repository, _, version = tag.rpartition(":")
    pieces = iter(lambda: tar.read(_PIECE_BYTES), b"")
    answer = client.api.import_image_from_data(
        pieces, repository=repository, tag=version, changes=list(changes)
    )
    if '"error"' in answer:
        raise InputError(f"the Docker Engine does not take the image {tag}: {answer.strip()}")
