"""Keys of the Docker daemon's settings: the others stay, and no value is said."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.modules.site import Call
from tests.contract.modules.test_by_ansible import ansible

pytestmark = pytest.mark.contract
Answer = dict[str, Any]
OLD, NEW = "correct-horse-battery", "staple-of-the-proxy"


def put(path: Path, settings: Answer, *, check: bool = False) -> Answer:
    arguments = {"path": str(path), "settings": settings, "_ansible_check_mode": check}
    return Call("daemon_settings", {**arguments, "_ansible_diff": True}).answer()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "daemon.json"
    path.write_text(json.dumps({"log-opts": {"tag": OLD}, "live-restore": False}))
    path.chmod(0o640)
    return path


def test_only_what_differs_is_set(file: Path) -> None:
    wanted = {"live-restore": True, "log-opts": {"tag": OLD}, "registry-mirrors": [NEW]}
    before = file.read_text()

    foreseen = put(file, wanted, check=True)
    untouched = file.read_text() == before
    first, again = put(file, wanted), put(file, wanted)

    assert foreseen["keys"] == first["keys"] == ["live-restore", "registry-mirrors"]
    assert foreseen["diff"] == first["diff"]
    assert untouched
    assert json.loads(file.read_text()) == wanted
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert (again["changed"], again["keys"]) == (False, [])


def test_a_new_file_is_for_root_alone(tmp_path: Path) -> None:
    path = tmp_path / "docker" / "daemon.json"

    put(path, {"debug": True})

    assert (json.loads(path.read_text()), stat.S_IMODE(path.stat().st_mode)) == (
        {"debug": True},
        0o600,
    )


@pytest.mark.parametrize(
    "text",
    [
        f'{{"tag": "{OLD}"'.encode(),
        f'["{OLD}"]'.encode(),
        f'{{"tag": "{OLD}\xe4"}}'.encode("latin-1"),
    ],
    ids=["broken", "list", "no-text"],
)
def test_what_is_none_is_refused_and_left(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "daemon.json"
    path.write_bytes(text)

    ran = put(path, {"debug": True})

    assert ran["failed"]
    assert ran["msg"].startswith(f"{path}: ")
    assert OLD not in ran["msg"]
    assert path.read_bytes() == text


def test_ansible_says_no_value(file: Path, tmp_path: Path) -> None:
    task = {"path": str(file), "settings": {"log-opts": {"tag": NEW}}}
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": sys.executable, "ansible_connection": "local"},
        "tasks": [{"orchestrate.cluster.daemon_settings": task}],
    }
    book = tmp_path / "play.yml"
    book.write_text(json.dumps([play]))

    output = ansible("playbook", str(book), "-vvvvv", "--diff", home=tmp_path)

    assert "log-opts changes; its value is not shown" in output
    assert [one for one in (OLD, NEW) if one in output] == []
    assert json.loads(file.read_text())["log-opts"] == {"tag": NEW}
