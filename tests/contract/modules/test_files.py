"""Several files in one call: each whole, and none that is as it should be."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from tests.contract.modules.site import Call

pytestmark = pytest.mark.contract
Answer = dict[str, Any]


def put(*files: Answer, check: bool = False) -> Answer:
    arguments = {"files": list(files), "_ansible_check_mode": check, "_ansible_diff": True}
    return Call("files", arguments).answer()


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    program, unit = tmp_path / "lib" / "tidy", tmp_path / "tidy.service"
    unit.write_text("[Service]\n")
    unit.chmod(0o644)
    files = (
        {"path": str(program), "content": "#!/bin/sh\n", "mode": "0755"},
        {"path": str(unit), "content": "[Service]\n"},
    )

    foreseen = put(*files, check=True)
    existed = program.exists()
    first, again = put(*files), put(*files)

    assert foreseen["written"] == first["written"] == [str(program)]
    assert not existed
    assert first["diff"] == foreseen["diff"]
    (shown,) = first["diff"]
    assert (shown["before"], shown["after"]) == ("", "#!/bin/sh\n")
    assert (program.read_text(), mode_of(program)) == ("#!/bin/sh\n", 0o755)
    assert (again["changed"], again["written"]) == (False, [])
    assert [path.name for path in tmp_path.rglob("*.new")] == []


def test_permissions_and_links_count_too(tmp_path: Path) -> None:
    """A link to a file like it may lead elsewhere tomorrow."""
    elsewhere, file = tmp_path / "elsewhere", tmp_path / "file"
    elsewhere.write_text("x")
    file.symlink_to(elsewhere)

    ran = put({"path": str(file), "content": "x", "mode": "0600"})

    assert ran["written"] == [str(file)]
    assert not file.is_symlink()
    assert (elsewhere.read_text(), mode_of(file)) == ("x", 0o600)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ({"path": "{here}/file/below", "content": ""}, "{here}/file cannot be made"),
        ({"path": "{here}/new", "content": "", "mode": "rw"}, "expected an octal number"),
    ],
)
def test_what_cannot_be_is_said(file: Answer, said: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    ran = put({**file, "path": file["path"].format(here=tmp_path)})

    assert ran["failed"]
    assert said.format(here=tmp_path) in ran["msg"]
