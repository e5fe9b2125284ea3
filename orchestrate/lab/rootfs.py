"""A Debian image made of packages on this machine, for where no image registry can be reached."""

from __future__ import annotations

import json
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
            image, refusal = _import_tar(client, cast("IO[bytes]", process.stdout))
        if process.returncode != 0 or refusal:
            if image:
                client.api.remove_image(image)
            errors.seek(0)
            last_lines = errors.read().decode(errors="replace").splitlines()[-5:]
            raise InputError("\n".join(["making a Debian image failed:", *last_lines, refusal]))
    # The engine keeps half an image like a whole one: only a whole one gets the name that is looked for.
    client.api.tag(image, *tag.split(":"))


def _import_tar(client: docker.DockerClient, tar: IO[bytes]) -> tuple[str, str]:
    """Return the image's ID, and what the engine has against it; one of them is empty."""
    pieces = iter(lambda: tar.read(_PIECE_BYTES), b"")
    answer = str(client.api.import_image_from_data(pieces)).strip()
    last = json.loads(answer.splitlines()[-1])
    return ("", answer) if "error" in last else (last["status"], "")
