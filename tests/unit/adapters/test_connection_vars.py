"""How a host is reached, as far as everybody may know it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.model.settings import Settings
from tests.vaults import password_file, vaulted_variable


def way(directory: Path, hosts: str) -> Any:
    file = directory / "hosts.yml"
    file.write_text(f"all:\n  hosts:\n    n1:\n{hosts}")
    options = AnsibleOptions(
        inventory=(str(file),), vault_password_files=(password_file(directory, "pw"),)
    )
    (node,) = Inventory(options, Settings()).nodes
    return node.way


def test_what_leads_there_is_kept_and_what_opens_it_is_not(tmp_path: Path) -> None:
    found = way(
        tmp_path,
        """\
      ansible_host: "{{ prefix }}.7"
      prefix: 192.0.2
      ansible_port: 2222
      ansible_become: true
      ansible_ssh_private_key_file: /keys/n1
      ansible_ssh_private_key: "-----BEGIN"
      ansible_password: hunter2
      ansible_become_password: hunter2
      ansible_ssh_common_args: -o ProxyCommand="sshpass -p hunter2 ssh -W %h:%p gate"
      ansible_ssh_extra_args: -o ProxyCommand="connect http://me:hunter2@gate %h %p"
      secret_of_theirs: hunter2
""",
    )

    assert found == {
        "ansible_host": "192.0.2.7",
        "ansible_port": 2222,
        "ansible_become": True,
        "ansible_ssh_private_key_file": "/keys/n1",
    }


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(f"ansible_port: {vaulted_variable('2222', 'pw')}", id="itself"),
        pytest.param(
            'ansible_user: "{{ account }}"\n      account: ' + vaulted_variable("admin", "pw"),
            id="what-it-is-made-of",
        ),
    ],
)
def test_nothing_comes_from_a_vault(tmp_path: Path, more: str) -> None:
    found = way(tmp_path, f"      ansible_host: 192.0.2.7\n      {more}\n")

    assert found == {"ansible_host": "192.0.2.7"}
