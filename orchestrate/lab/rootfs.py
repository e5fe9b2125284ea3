"""A Debian image made of packages on this machine, for where no image registry can be reached."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from typing import IO, cast

import docker

from orchestrate.errors import InputError

_COMMAND = (
    *("mmdebstrap", "--variant=minbase", "--quiet", "--include=ca-certificates"),
    *("--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/man/*"),
    *("bookworm", "-"),
    "deb http://deb.debian.org/debian bookworm main",
    "deb http://deb.debian.org/debian bookworm-updates main",
    "deb http://deb.debian.org/debian-security bookworm-security main",
)
_PIECE_BYTES = 1 << 20


def import_debian(client: docker.DockerClient, tag: str) -> None:
    """Hand it to the engine while it is being made: nothing lands on the disk twice."""
    if shutil.which("mmdebstrap") is None:
        raise InputError(
            "no image registry can be reached, and making a Debian image from packages "
            "takes mmdebstrap: `apt install mmdebstrap`"
        )
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(_COMMAND, stdout=subprocess.PIPE, stderr=errors) as process:
            refusal = _import_tar(client, cast("IO[bytes]", process.stdout), tag)
        if process.returncode != 0 or refusal:
            errors.seek(0)
            last_lines = errors.read().decode(errors="replace").splitlines()[-5:]
            raise InputError("\n".join(["making a Debian image failed:", *last_lines, refusal]))


def _import_tar(client: docker.DockerClient, tar: IO[bytes], tag: str) -> str:
    """Empty, or what the engine has against it."""
    repository, _, version = tag.rpartition(":")
    pieces = iter(lambda: tar.read(_PIECE_BYTES), b"")
    answer = str(client.api.import_image_from_data(pieces, repository=repository, tag=version))
    return answer.strip() if '"error"' in answer else ""
