"""A Debian image made from packages: whole, or not there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import docker
import pytest

from orchestrate.errors import InputError
from orchestrate.lab.apt_sources import Source, parse_stanzas
from orchestrate.lab.rootfs import import_debian

TAG = "orchestrate-lab/debian:bookworm"
MIRROR = "http://mirror.example.org/debian"
SOURCES = (
    Source(MIRROR, "bookworm", ("main",), {"Signed-By": "/etc/apt/keyrings/team.gpg"}),
    Source(MIRROR, "bookworm-updates", ("main",)),
)


class Engine:
    """Keeps what it imports, as Docker does: also the beginning of a stream that breaks off."""

    def __init__(self) -> None:
        self.images: dict[str, bytes] = {}
        self.tags: dict[str, str] = {}

    def import_image_from_data(self, data: Iterable[bytes]) -> str:
        identity = f"sha256:{len(self.images)}"
        self.images[identity] = b"".join(data)
        return json.dumps({"status": identity}) + "\r\n"

    def tag(self, image: str, repository: str, tag: str) -> bool:
        self.tags[f"{repository}:{tag}"] = image
        return True

    def remove_image(self, image: str) -> None:
        del self.images[image]


class FullEngine(Engine):
    def import_image_from_data(self, data: Iterable[bytes]) -> str:
        b"".join(data)
        return '{"error":"no space left on device"}\r\n'


class Client(docker.DockerClient):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def api(self) -> Engine:
        return self._engine


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    return tmp_path


def install(tools: Path, script: str) -> None:
    program = tools / "mmdebstrap"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_an_image_gets_its_tag_when_it_is_whole(tools: Path) -> None:
    install(tools, "printf tar")
    engine = Engine()

    import_debian(Client(engine), TAG, SOURCES)

    assert engine.images[engine.tags[TAG]] == b"tar"


def test_it_is_made_from_the_sources_and_keeps_their_keys(tools: Path) -> None:
    install(tools, 'printf "%s\\n" "$@"; for file; do :; done; cat "$file"')
    engine = Engine()

    import_debian(Client(engine), TAG, SOURCES)

    arguments, _, stanzas = engine.images[engine.tags[TAG]].decode().partition("\nTypes:")
    hooks = [line for line in arguments.splitlines() if line.startswith("--customize-hook=")]
    assert hooks == [
        '--customize-hook=mkdir -p "$1"/etc/apt/keyrings',
        "--customize-hook=copy-in /etc/apt/keyrings/team.gpg /etc/apt/keyrings",
    ]
    assert "\nbookworm\n-\n" in arguments
    assert parse_stanzas(f"Types:{stanzas}") == list(SOURCES)


def test_an_image_that_could_not_be_made_leaves_nothing_behind(tools: Path) -> None:
    install(tools, "printf half; echo 'E: Release file is expired' >&2; exit 25")
    engine = Engine()

    with pytest.raises(InputError, match="failed:\nE: Release file is expired"):
        import_debian(Client(engine), TAG, SOURCES)

    assert (engine.images, engine.tags) == ({}, {})


def test_an_image_that_the_engine_refuses_is_an_error(tools: Path) -> None:
    install(tools, "printf tar")

    with pytest.raises(InputError, match="no space left on device"):
        import_debian(Client(FullEngine()), TAG, SOURCES)
