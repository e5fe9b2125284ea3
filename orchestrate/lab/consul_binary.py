"""Consul for the nodes.

Debian 12 has none; the release before it has 1.8.7, which runs on 12 as well. It is downloaded
once, lies in the cache, and reaches the nodes from there as provisioning's `consul_source`.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from orchestrate.lab.debian import download_packages, unpack_package
from orchestrate.lab.paths import cache_directory
from orchestrate.lab.progress import Progress

_SUITE = "bullseye"


@dataclass(frozen=True, slots=True)
class ConsulBinary:
    path: Path
    checksum: str

    @property
    def directory(self) -> str:
        """Return the directory in which the role `consul` puts the program on a node."""
        return f"/usr/local/lib/orchestrate/consul-{self.checksum.removeprefix('sha256:')[:12]}"


def ensure_consul_binary(progress: Progress) -> ConsulBinary:
    path = cache_directory() / "consul" / _SUITE / "consul"
    if not path.exists():
        with progress.step("downloading Consul"):
            _download(path)
    with path.open("rb") as binary:
        return ConsulBinary(path, f"sha256:{hashlib.file_digest(binary, 'sha256').hexdigest()}")


def _download(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        downloads = Path(folder)
        download_packages(["consul"], _SUITE, downloads)
        unpack_package("consul", downloads, downloads / "unpacked")
        # Last and in one move: a download that was interrupted leaves no half binary.
        shutil.move(downloads / "unpacked/usr/bin/consul", path)
