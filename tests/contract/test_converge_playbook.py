"""playbooks/converge.yml says what `orchestrate` said, and fails when it failed.

A package of the same name, earlier on Python's path, stands in for `orchestrate`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.contract

STAND_IN = """
import json, os, sys
said = {"summary": " ".join(sys.argv[1:]), "changed": os.environ["STAND_IN_CHANGED"] == "yes"}
print(json.dumps(said))
sys.exit(int(os.environ["STAND_IN_EXIT"]))
"""

FOR_THE_NODES = """
ansible_connection=ssh
ansible_become=true
ansible_become_exe=/does/not/exist
ansible_python_interpreter=/does/not/exist
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A working directory with two inventories and the stand-in."""
    package = tmp_path / "orchestrate"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(STAND_IN)
    (tmp_path / "one.ini").write_text(f"n1\n[all:vars]\n{FOR_THE_NODES}\n")
    (tmp_path / "two.ini").write_text("n2\n")
    return tmp_path


def play(
    site: Path, *options: str, stand_in_exit: int = 0, changed: str = "no"
) -> subprocess.CompletedProcess[str]:
    inventories = ("-i", str(site / "one.ini"), "-i", str(site / "two.ini"))
    playbook = str(ROOT / "playbooks/converge.yml")
    return subprocess.run(
        [sys.executable, "-m", "ansible", "playbook", *inventories, playbook, *options],
        cwd=site,
        env={
            **os.environ,
            "PYTHONPATH": str(site),
            "STAND_IN_EXIT": str(stand_in_exit),
            "STAND_IN_CHANGED": changed,
        },
        check=False,
        capture_output=True,
        text=True,
    )


def test_it_runs_one_cycle_with_every_inventory_source(site: Path) -> None:
    played = play(site, changed="yes")

    assert played.returncode == 0
    assert f"converge -o json -i {site}/one.ini -i {site}/two.ini" in played.stdout
    assert "changed=1" in played.stdout


def test_it_hands_on_where_the_settings_are(site: Path) -> None:
    played = play(site, "-e", "orchestrate_settings=/elsewhere.yml")

    assert "--settings /elsewhere.yml" in played.stdout


def test_it_changes_nothing_when_the_cycle_did_not(site: Path) -> None:
    played = play(site)

    assert played.returncode == 0
    assert "changed=0" in played.stdout


def test_it_fails_with_the_sentence_of_the_cycle(site: Path) -> None:
    played = play(site, stand_in_exit=5)

    assert played.returncode != 0
    assert "converge -o json" in played.stdout + played.stderr


@pytest.mark.parametrize(("code", "changed"), [(0, "no"), (2, "yes")])
def test_under_check_it_only_plans(site: Path, code: int, changed: str) -> None:
    played = play(site, "--check", stand_in_exit=code, changed=changed)

    assert played.returncode == 0
    assert "plan -o json" in played.stdout
    assert f"changed={int(changed == 'yes')}" in played.stdout


def test_under_check_a_plan_that_cannot_be_made_fails(site: Path) -> None:
    assert play(site, "--check", stand_in_exit=6).returncode != 0
