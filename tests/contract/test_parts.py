"""Which hosts play which part, asked of Ansible itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from orchestrate.adapters import shipped

pytestmark = pytest.mark.contract
ANSIBLE_PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
PARTS = shipped.collections() / "ansible_collections/orchestrate/cluster/playbooks/parts.yml"
TELL = """
- ansible.builtin.import_playbook: {parts}
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        content: "{{{{ groups | to_json }}}}"
        dest: {answer}
      delegate_to: localhost
      connection: local
      run_once: true
"""
HOSTS = ["n1", "n2", "n3", "n4", "n5"]
INVENTORY: Mapping[str, Any] = {"all": {"hosts": {host: {} for host in HOSTS}}}


def sort(directory: Path, settings: str = "", *options: str) -> subprocess.CompletedProcess[str]:
    """Run the playbook beside an inventory of five hosts, none of which exists."""
    (directory / "inventory.json").write_text(json.dumps(INVENTORY), encoding="utf-8")
    (directory / "orchestrate.yml").write_text(settings, encoding="utf-8")
    playbook = directory / "playbook.yml"
    playbook.write_text(TELL.format(parts=PARTS, answer=directory / "answer"), encoding="utf-8")
    return subprocess.run(
        [ANSIBLE_PLAYBOOK, "-i", directory / "inventory.json", playbook, *options],
        check=False,
        capture_output=True,
        text=True,
        cwd=directory,
        env={**os.environ, "PWD": str(directory)},
    )


def parts(directory: Path, settings: str = "", *options: str) -> dict[str, list[str]]:
    done = sort(directory, settings, *options)
    assert done.returncode == 0, done.stdout
    groups = json.loads((directory / "answer").read_text(encoding="utf-8"))
    prefix = "orchestrate_"
    return {
        name.removeprefix(prefix): found
        for name, found in groups.items()
        if name.startswith(prefix) and found
    }


def test_without_settings_every_host_is_a_node_and_three_are_servers(tmp_path: Path) -> None:
    assert parts(tmp_path) == {"nodes": HOSTS, "consul_servers": HOSTS[:3], "proxies": HOSTS}


def test_patterns_say_who_plays_which_part(tmp_path: Path) -> None:
    settings = "nodes: 'all:!n5'\nstandby: n4\nconsul_servers: 'n1'\nproxies: n5\nlost_after: 60\n"

    assert parts(tmp_path, settings) == {
        "nodes": ["n1", "n2", "n3", "n4"],
        "standby": ["n4"],
        "consul_servers": ["n1"],
        "proxies": ["n5"],
    }


def test_of_two_nodes_one_is_a_server(tmp_path: Path) -> None:
    assert parts(tmp_path, "nodes: 'n2:n3'\n")["consul_servers"] == ["n2"]


def test_who_stands_by_is_no_server_and_no_proxy_by_itself(tmp_path: Path) -> None:
    found = parts(tmp_path, "standby: 'n1:n2'\n")

    assert found["consul_servers"] == found["proxies"] == ["n3", "n4", "n5"]


def test_a_limit_does_not_narrow_the_parts(tmp_path: Path) -> None:
    assert parts(tmp_path, "", "--limit", "n5") == parts(tmp_path)


@pytest.mark.parametrize("key", ["nodes", "standby", "consul_servers", "proxies"])
def test_a_pattern_that_matches_nothing_is_refused_by_name(tmp_path: Path, key: str) -> None:
    done = sort(tmp_path, f"{key}: edge\n")

    assert done.returncode != 0
    wanted = f"orchestrate.yml: the pattern `edge` of `{key}` matches no host of the inventory"
    assert wanted in done.stdout
