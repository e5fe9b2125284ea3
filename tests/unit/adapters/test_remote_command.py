"""The command that starts Python on a host: Ansible's own way to it, and its rights there."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.remote_command import remote_python
from orchestrate.adapters.ansible.ssh import shared_ssh_command
from orchestrate.model.settings import Settings


def words(directory: Path, hosts: str, *extra_vars: str, becomes: bool = False) -> list[str] | None:
    file = directory / "hosts.yml"
    file.write_text(f"all:\n  hosts:\n    n1:\n{hosts}", encoding="utf-8")
    options = AnsibleOptions(inventory=(str(file),), extra_vars=extra_vars)
    inventory = Inventory(options, Settings())
    return remote_python("n1", inventory.variables("n1"), becomes=becomes)


def test_the_way_is_that_of_ansible(tmp_path: Path) -> None:
    found = words(
        tmp_path,
        """\
      ansible_host: 192.0.2.7
      ansible_port: 2222
      ansible_user: admin
      ansible_ssh_private_key_file: /keys/n1
      ansible_ssh_common_args: -J gate.example.com
      ansible_python_interpreter: /opt/python/bin/python3
""",
    )

    assert found
    line = " ".join(found)
    assert found[0] == "ssh"
    assert found[-2] == "192.0.2.7"
    for option in (
        "Port=2222",
        'User="admin"',
        'IdentityFile="/keys/n1"',
        "-J gate.example.com",
        "BatchMode=yes",
        "ServerAliveInterval=5",
        "ControlPersist=60s",
    ):
        assert option in line
    assert found[-1].startswith("/bin/sh -c '/opt/python/bin/python3 -IS -c ")


def test_no_two_hosts_share_a_connection(tmp_path: Path) -> None:
    """Else the one would answer for the other."""
    file = tmp_path / "hosts.ini"
    file.write_text(
        "n1 ansible_host=192.0.2.7\nn2 ansible_host=192.0.2.8\nn3\nn4\n", encoding="utf-8"
    )
    inventory = Inventory(AnsibleOptions(inventory=(str(file),)), Settings())

    found = [
        shared_ssh_command(name, inventory.variables(name)) for name in ("n1", "n2", "n3", "n4")
    ]

    sockets = {word for command in found for word in command or () if "ControlPath=" in word}
    assert len(sockets) == len(found)


@pytest.mark.parametrize(
    ("hosts", "becomes", "rights"),
    [
        ("      ansible_become: true\n", False, "sudo -H -S -n  -u root /bin/sh -c "),
        ("      ansible_become: true\n      ansible_become_user: deploy\n", False, "-u deploy "),
        ("      ansible_host: 192.0.2.7\n", True, "sudo -H -S -n "),
        ("      ansible_become: 'no'\n", True, "/bin/sh -c "),
    ],
)
def test_the_rights_are_those_of_become(
    tmp_path: Path, hosts: str, rights: str, *, becomes: bool
) -> None:
    found = words(tmp_path, hosts, becomes=becomes)

    assert found
    assert rights in found[-1]
    assert "BECOME-SUCCESS" not in found[-1], "what is said is the program's alone"
    assert found[-1].startswith("sudo ") == ("sudo" in rights or "deploy" in rights)


@pytest.mark.parametrize(
    "hosts",
    [
        "      ansible_connection: community.docker.docker\n",
        "      ansible_password: hunter2\n",
        "      ansible_become: true\n      ansible_become_password: hunter2\n",
        "      ansible_become: true\n      ansible_become_method: su\n",
    ],
)
def test_where_more_is_needed_than_ssh_a_play_does_it(tmp_path: Path, hosts: str) -> None:
    assert words(tmp_path, hosts) is None


@pytest.mark.parametrize(
    ("has_terminal", "flags"), [(True, ["-t", "LogLevel=ERROR"]), (False, ["-T"])]
)
def test_a_person_gets_a_terminal(*, has_terminal: bool, flags: list[str]) -> None:
    arguments = ("-c", "1", "it's")
    found = remote_python(
        "n1", {"ansible_become": True}, arguments, becomes=False, has_terminal=has_terminal
    )

    assert found
    assert all(flag in found for flag in flags)
    assert ("-t" in found) == has_terminal
    assert found[-1].startswith("sudo -H -S -n  -u root /bin/sh -c '/usr/bin/python3 -IS -c 1 ")


@pytest.mark.parametrize("kind", ["local", "ansible.builtin.local"])
def test_this_machine_is_reached_by_its_own_shell(tmp_path: Path, kind: str) -> None:
    plain = words(tmp_path, f"      ansible_connection: {kind}\n")
    entitled = words(tmp_path, f"      ansible_connection: {kind}\n", becomes=True)

    assert plain
    assert entitled
    assert (plain[:-1], entitled[:-1]) == (["/bin/sh", "-c"], ["/bin/sh", "-c"])
    assert plain[-1].startswith("/bin/sh -c '/usr/bin/python3 -IS -c ")
    assert entitled[-1].startswith("sudo -H -S -n ")


def test_what_only_a_flag_says_counts_too(tmp_path: Path) -> None:
    found = words(tmp_path, "      ansible_host: 192.0.2.7\n", "ansible_connection=local")

    assert found
    assert found[0] == "/bin/sh"


def test_an_interpreter_is_no_command(tmp_path: Path) -> None:
    found = words(tmp_path, "      ansible_python_interpreter: /usr/bin/python3 -c 1; reboot\n")

    assert found
    assert "'1;'" in found[-1].replace("'\"'\"'", "'")
