"""Packages of a Debian release other than this machine's, by way of apt and its signatures."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from orchestrate.errors import InputError
from orchestrate.lab.mirrors import read_mirrors


def download_packages(packages: Iterable[str], suite: str, directory: Path) -> None:
    """Put `<package>_<version>.deb` files into `directory`; nothing gets installed."""
    environment = _configure_apt(suite, directory / "apt")
    _run(["apt-get", "-qq", "update"], directory, environment)
    _run(["apt-get", "-qq", "download", *packages], directory, environment)


def unpack_package(package: str, downloads: Path, target: Path) -> None:
    archive = next(downloads.glob(f"{package}_*.deb"))
    _run(["dpkg-deb", "--extract", str(archive), str(target)], downloads)


def _configure_apt(suite: str, directory: Path) -> dict[str, str]:
    """Return the environment of an apt with the machine's mirrors and keys that changes nothing of its."""
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (directory / folder).mkdir(parents=True)
    sources = directory / "debian.sources"
    sources.write_text(read_mirrors().archive_of(suite).stanza())
    configuration = directory / "apt.conf"
    configuration.write_text(
        f'Dir::Etc::SourceList "{sources}";\n'
        'Dir::Etc::SourceParts "/dev/null";\n'
        f'Dir::State "{directory / "state"}";\n'
        'Dir::State::Status "/dev/null";\n'
        f'Dir::Cache "{directory / "cache"}";\n'
        'Acquire::Languages "none";\n'
        'APT::Sandbox::User "";\n'  # the directory is nobody else's business
    )
    return os.environ | {"APT_CONFIG": str(configuration), "LC_ALL": "C.UTF-8"}


def _run(command: list[str], directory: Path, environment: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise InputError(f"`{shlex.join(command)}` failed: {done.stderr.strip()}")
