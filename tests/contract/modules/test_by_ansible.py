"""The modules as Ansible ships and runs them, and their documentation as it shows it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orchestrate.adapters import shipped
from tests.contract.modules.site import NETWORK, PROJECT, Site

pytestmark = pytest.mark.contract

WEB = f"{PROJECT}-web-1-r1"
SECRET = "correct horse"


def ansible(command: str, *words: str, home: Path) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "ansible", command, *words],
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(shipped.collections()),
            "ANSIBLE_HOME": str(home),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_DEPRECATION_WARNINGS": "true",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.stdout, ended.stderr
    assert "DEPRECATION" not in ended.stderr, ended.stderr
    return ended.stdout


def run(site: Site, module: str, arguments: dict[str, Any], home: Path, *options: str) -> str:
    task = {f"orchestrate.cluster.{module}": {**site.parameters, **arguments}}
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": sys.executable},
        "tasks": [task],
    }
    playbook = home / "play.yml"
    playbook.write_text(json.dumps([play]))
    return ansible("playbook", str(playbook), "-v", *options, home=home)


def test_a_start_shows_a_difference_and_no_environment(site: Site, tmp_path: Path) -> None:
    action = site.start(WEB, environment={"PASSWORD": SECRET})
    arguments = {"actions": [action]}

    foreseen = run(site, "replicas", arguments, tmp_path, "--check", "--diff")
    done = run(site, "replicas", arguments, tmp_path, "--diff")

    for output in (foreseen, done):
        assert "created, started, registered" in output
        assert f"-{WEB}: absent" in output
        assert f"+{WEB}: running {site.image}" in output
        assert SECRET not in output
    assert WEB in run(site, "node_info", {"network": NETWORK}, tmp_path)


@pytest.mark.parametrize(
    ("module", "option"),
    [
        ("replicas", "docker_socket"),
        ("node_info", "docker_socket"),
        ("network_policy", "docker_socket"),
        ("proxy_configuration", "record_path"),
        ("files", "files"),
    ],
)
def test_the_documentation_renders(module: str, option: str, tmp_path: Path) -> None:
    listing = ansible(
        "doc", "--type", "module", "--json", f"orchestrate.cluster.{module}", home=tmp_path
    )

    documented = json.loads(listing)[f"orchestrate.cluster.{module}"]

    assert documented["examples"]
    assert documented["return"]
    assert option in documented["doc"]["options"]
