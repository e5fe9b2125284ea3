"""What completion knows of a cluster: the names that the last look saw."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from orchestrate.adapters.names import Names, names_file, read_names, save_names

NAMES = Names(["n1", "n2"], ["shop/web.1@n1", "shop/web.2@n2"])


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("ANSIBLE_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "state"


def test_what_was_saved_is_read() -> None:
    save_names(names_file(["hosts.yml"]), NAMES)

    assert read_names(names_file(["hosts.yml"])) == NAMES


def test_each_inventory_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_names(names_file(["hosts.yml"]), NAMES)
    save_names(names_file([]), Names(["m1"], []))

    assert read_names(names_file([str(tmp_path / "hosts.yml")])) == NAMES
    assert read_names(names_file([])).nodes == ["m1"]
    assert read_names(names_file(["other.yml"])) == Names((), ())
    monkeypatch.setenv("ANSIBLE_CONFIG", "/etc/other.cfg")
    assert read_names(names_file([])) == Names((), ())


def test_it_is_for_its_owner_only() -> None:
    file = names_file(["hosts.yml"])

    save_names(file, NAMES)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_only_names_are_kept() -> None:
    """A container may have any label: `$(reboot)` does not come back on a command line."""
    hostile = [
        "shop/$(reboot).1@n1",
        "shop/web\n.1@n1",
        "a b/web.1@n1",
        "-x/web.1@n1",
        "shop/web.1",
    ]

    save_names(names_file([]), Names(["n1", "n1;reboot", "-n", "*"], [*hostile, "shop/web.1@n1"]))

    assert read_names(names_file([])) == Names(["n1"], ["shop/web.1@n1"])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="half"),
        pytest.param("[]", id="list"),
        pytest.param('{"nodes": 1, "replicas": []}', id="number"),
        pytest.param('{"nodes": [1], "replicas": []}', id="numbers"),
        pytest.param('{"nodes": []}', id="key-missing"),
    ],
)
def test_a_damaged_file_holds_no_names(text: str) -> None:
    file = names_file([])
    file.parent.mkdir(parents=True)
    file.write_text(text)

    assert read_names(file) == Names((), ())


def test_what_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the directory should be")

    save_names(names_file([]), NAMES)

    assert read_names(names_file([])) == Names((), ())


def test_the_oldest_inventories_are_forgotten(state: Path) -> None:
    for number in range(60):
        save_names(names_file([f"{number}.yml"]), NAMES)

    files = list((state / "orchestrate/names").iterdir())
    assert len(files) == 50
    assert all(json.loads(file.read_text()) for file in files)
