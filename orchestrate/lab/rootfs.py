"""A Debian image made of packages on this machine, for where no image registry can be reached.

Its apt is configured with the mirrors and keys that made it.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, cast

import docker

from orchestrate.errors import InputError
from orchestrate.lab.apt_sources import Source

_COMMAND = (
    *("mmdebstrap", "--variant=minbase", "--quiet", "--include=ca-certificates"),
    *("--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/man/*"),
)
_PIECE_BYTES = 1 << 20


def import_debian(client: docker.DockerClient, tag: str, sources: Sequence[Source]) -> None:
    """Make the suite of the first source.

    The engine gets it while it is being made: nothing lands on the disk twice.
    """
    if shutil.which("mmdebstrap") is None:
        raise InputError(
            "no image registry can be reached, and making a Debian image from packages "
            "takes mmdebstrap: `apt install mmdebstrap`"
        )
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "debian.sources"
        file.write_text("\n".join(source.stanza() for source in sources), encoding="utf-8")
        command = [*_COMMAND, *_copy_keyrings(sources), sources[0].suite, "-", str(file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as process:
            image, refusal = _import_tar(client, cast("IO[bytes]", process.stdout))
        if process.returncode != 0 or refusal:
            if image:
                client.api.remove_image(image)
            errors.seek(0)
            last_lines = errors.read().decode(errors="replace").splitlines()[-5:]
            raise InputError("\n".join(["making a Debian image failed:", *last_lines, refusal]))
    # The engine keeps half an image like a whole one: only a whole one gets the name that is looked for.
    client.api.tag(image, *tag.split(":"))


def _copy_keyrings(sources: Iterable[Source]) -> list[str]:
    """Return options that put the keyrings where the stanzas look for them inside the image, too."""
    keyrings = sorted({file for source in sources for file in source.keyrings()})
    folders = [str(Path(file).parent) for file in keyrings]
    return [
        f"--customize-hook={hook}"
        for file, folder in zip(map(shlex.quote, keyrings), map(shlex.quote, folders), strict=True)
        for hook in (f'mkdir -p "$1"{folder}', f"copy-in {file} {folder}")
    ]


def _import_tar(client: docker.DockerClient, tar: IO[bytes]) -> tuple[str, str]:
    """Return the image's ID, and what the engine has against it; one of them is empty."""
    pieces = iter(lambda: tar.read(_PIECE_BYTES), b"")
    answer = str(client.api.import_image_from_data(pieces)).strip()
    last = json.loads(answer.splitlines()[-1])
    return ("", answer) if "error" in last else (last["status"], "")
