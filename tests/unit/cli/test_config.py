"""`config`: the project as it is understood, with its variables from the strongest source of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from orchestrate.cli import main

Show = Callable[..., str]
EXTRA = ["-e", "TAG=extra"]
INVENTORY = ["-i", "hosts.yml"]
ENV_FILE = ["--env-file", "vars"]


@pytest.mark.parametrize(
    ("words", "weaker", "tag"),
    [
        pytest.param([*EXTRA, *ENV_FILE, *INVENTORY], ("TAG", ".env"), "extra", id="extra"),
        pytest.param(EXTRA, (), "extra", id="extra-alone"),
        pytest.param([*ENV_FILE, *INVENTORY], ("TAG",), "environment", id="environment"),
        pytest.param([*ENV_FILE, *INVENTORY], (), "file", id="env-file"),
        pytest.param(INVENTORY, (".env",), "inventory", id="inventory"),
        pytest.param([], (".env",), "dotenv", id="dotenv"),
        pytest.param([], (), "none", id="none"),
    ],
)
def test_the_strongest_source_of_a_variable_wins(
    show: Show, monkeypatch: pytest.MonkeyPatch, words: list[str], weaker: tuple[str, ...], tag: str
) -> None:
    if "TAG" in weaker:
        monkeypatch.setenv("TAG", "environment")
    if ".env" in weaker:
        Path(".env").write_text("TAG=dotenv")

    found = json.loads(show("-o", "json", *words))

    assert found["services"]["web"]["image"] == f"web:{tag}"


def test_without_a_variable_to_look_for_no_inventory_is_read(show: Show) -> None:
    Path("compose.yml").write_text("services: {web: {image: web}}")

    assert yaml.safe_load(show("-i", "nowhere.yml"))["services"] == {"web": {"image": "web"}}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--services"], "db\nweb\n", id="services"),
        pytest.param(["--images"], "db:1\nweb:1\n", id="images"),
        pytest.param(["--profiles"], "all\ndata\nui\n", id="profiles"),
        pytest.param(["--variables"], "COMPOSE_PROFILES\nTAG\nUSER_ID\n", id="variables"),
        pytest.param(["--services", "-o", "json"], '[\n  "db",\n  "web"\n]\n', id="json"),
    ],
)
def test_parts_of_a_file_are_listed(show: Show, words: list[str], said: str) -> None:
    Path("compose.yml").write_text(
        "services:\n"
        "  web: {image: 'web:1', environment: {A: '${TAG:-$USER_ID}', B: $COMPOSE_PROFILES}}\n"
        "  db: {image: 'db:1', profiles: [data, all]}\n"
        "  ui: {image: 'ui:1', profiles: [ui]}\n"
    )

    assert show("--profile", "data", *words) == said


def test_what_is_shown_is_a_compose_file_that_says_the_same(show: Show) -> None:
    Path("compose.yml").write_text(
        "name: x\nservices: {web: {image: w, labels: {a: 'b$$c'}, secrets: [key]}}\n"
        "secrets: {key: {file: key.txt}}\n"
    )
    Path("key.txt").write_text("hunter2")

    shown = show()
    Path("again.yml").write_text(shown)

    assert "hunter2" not in shown
    assert "b$$c" in shown
    assert show("-f", "again.yml") == shown


@pytest.fixture
def show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Show:
    """`config` in a directory with a Compose file, an inventory, and a file of variables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANSIBLE_CONFIG", str(tmp_path / "ansible.cfg"))
    for name in ("ORCHESTRATE_INVENTORY", "TAG", "USER_ID"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "compose.yml").write_text("services: {web: {image: 'web:${TAG:-none}'}}")
    (tmp_path / "vars").write_text("TAG=file")
    (tmp_path / "hosts.yml").write_text(
        "all: {hosts: {a: }, vars: {orchestrate_env: {TAG: inventory}}}"
    )

    def run(*words: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["config", *words])
        captured = capsys.readouterr()
        assert ended.value.code == 0, captured.err
        return captured.out

    return run
