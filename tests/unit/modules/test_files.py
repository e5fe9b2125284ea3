"""Files for containers, in memory: written, told of, kept and forgotten."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.modules.collection import load

files = load("_files")
UID, GID = os.getuid(), os.getgid()
STATE = f"{UID}:{GID} 0400"
IN_MEMORY = "/dev/shm"
pytestmark = pytest.mark.skipif(
    files.filesystem_of(IN_MEMORY) != "tmpfs", reason=f"{IN_MEMORY} is not in memory here"
)


@pytest.fixture
def root() -> Iterator[Path]:
    directory = tempfile.mkdtemp(prefix="orchestrate-test-", dir=IN_MEMORY)
    yield Path(directory) / "files"
    shutil.rmtree(directory)


def file(content: bytes = b"s3cret", target: str = "/run/key", mode: int = 0o400) -> Any:
    return files.File(target, content, UID, GID, mode)


def container(root: Path, name: str = "web-1", target: str = "/run/key") -> dict[str, Any]:
    mounts = [{"Source": "/etc", "Destination": "/etc"}, {"Source": f"{root}/{name}{target}"}]
    return {"Mounts": mounts}


def test_what_is_written_is_as_wanted(root: Path) -> None:
    kept = files.Files(str(root))
    assert kept.outdated("web-1", [file()]) == [file()]

    kept.write("web-1", [file()])

    assert kept.outdated("web-1", [file()]) == []
    assert (root / "web-1/run/key").read_bytes() == b"s3cret"
    assert kept.states(container(root)) == {"/run/key": STATE}


@pytest.mark.parametrize("changed", [file(b"other"), file(b""), file(mode=0o444)])
def test_what_is_otherwise_is_written_in_its_place(root: Path, changed: Any) -> None:
    kept = files.Files(str(root))
    kept.write("web-1", [file()])
    there = (root / "web-1/run/key").stat().st_ino

    assert kept.outdated("web-1", [changed]) == [changed]
    kept.write("web-1", [changed])

    assert kept.outdated("web-1", [changed]) == []
    assert (root / "web-1/run/key").stat().st_ino == there


def test_what_is_missing_or_no_file_is_told_so(root: Path) -> None:
    kept = files.Files(str(root))
    assert kept.states(container(root)) == {"/run/key": "missing"}

    (root / "web-1/run/key").mkdir(parents=True)

    assert kept.states(container(root)) == {"/run/key": "missing"}


def test_a_container_without_any_has_no_holder(root: Path) -> None:
    kept = files.Files(str(root))

    assert kept.holder({"Mounts": None}) == ""
    assert kept.holder(container(root, name="before-1")) == "before-1"


def test_what_nobody_mounts_is_forgotten(root: Path) -> None:
    kept = files.Files(str(root))
    assert kept.names() == []
    kept.write("web-1", [file()])
    kept.write("web-2", [file()])

    kept.keep([container(root), {"Mounts": []}])

    assert kept.names() == ["web-1"]


@pytest.mark.parametrize("target", ["/../web-2/key", "key", "/a//b", "/", ""])
def test_no_target_leads_elsewhere(root: Path, target: str) -> None:
    with pytest.raises(Exception, match="no path in a container"):
        files.Files(str(root)).write("web-1", [file(target=target)])

    assert list(root.rglob("*")) == []


def test_a_disk_is_refused(tmp_path: Path) -> None:
    if files.filesystem_of(str(tmp_path)) == "tmpfs":
        pytest.skip("temporary files are in memory here")

    with pytest.raises(Exception, match="not in memory"):
        files.Files(str(tmp_path / "files")).write("web-1", [file()])

    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_said(root: Path) -> None:
    (root / "web-1").mkdir(parents=True)
    (root / "web-1/run").write_text("no directory")

    with pytest.raises(Exception, match="cannot be written: File exists"):
        files.Files(str(root)).write("web-1", [file()])
