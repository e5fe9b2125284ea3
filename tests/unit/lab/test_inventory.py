"""The inventory and the files beside it are what ssh and Ansible read."""

from __future__ import annotations

import shlex
from pathlib import Path

import yaml

from orchestrate.lab.consul_binary import ConsulBinary
from orchestrate.lab.inventory import describe_lab, write_inventory
from orchestrate.lab.paths import LabFiles
from orchestrate.lab.ssh import ensure_key, write_known_hosts

CONSUL = ConsulBinary(Path("/cache/consul"), "sha256:1234")
NODES = {f"n{number}": f"198.18.1.1{number}" for number in range(1, 5)}


def test_hosts_have_an_address_and_a_zone() -> None:
    hosts = describe_lab(NODES, LabFiles(Path("/lab")), CONSUL)["all"]["hosts"]

    assert list(hosts) == ["n1", "n2", "n3", "n4"]
    assert hosts["n2"]["ansible_host"] == "198.18.1.12"
    assert [host["orchestrate_labels"]["zone"] for host in hosts.values()] == ["a", "b", "c", "a"]


def test_provisioning_finds_what_it_needs() -> None:
    variables = describe_lab(NODES, LabFiles(Path("/lab")), CONSUL)["all"]["vars"]

    assert variables["network_range"] == "198.19.0.0/16"
    assert variables["engine_insecure_registries"] == ["registry.lab:5000"]
    assert variables["consul_source"] == "/cache/consul"
    assert variables["consul_checksum"] == "sha256:1234"


def test_host_keys_are_checked_whatever_the_directory_is_called() -> None:
    files = LabFiles(Path("/home/some body/lab"))
    variables = describe_lab(NODES, files, CONSUL)["all"]["vars"]

    options = shlex.split(variables["ansible_ssh_common_args"])

    assert 'UserKnownHostsFile="/home/some body/lab/known_hosts"' in options
    assert "StrictHostKeyChecking=yes" in options


def test_the_file_holds_the_inventory(tmp_path: Path) -> None:
    inventory = describe_lab(NODES, LabFiles(tmp_path), CONSUL)

    write_inventory(tmp_path / "inventory.yml", inventory)

    assert yaml.safe_load((tmp_path / "inventory.yml").read_text()) == inventory


def test_known_hosts(tmp_path: Path) -> None:
    write_known_hosts(tmp_path / "known", {"198.18.1.11": "ssh-ed25519 A", "198.18.1.12": "x B"})

    assert (tmp_path / "known").read_text() == "198.18.1.11 ssh-ed25519 A\n198.18.1.12 x B\n"


def test_a_lab_has_one_key_in_whichever_directory_it_is_used(tmp_path: Path) -> None:
    first, second = LabFiles(tmp_path / "first"), LabFiles(tmp_path / "second")

    for files in (first, second):
        files.directory.mkdir()

    made = ensure_key(first, elsewhere=first)

    assert made.startswith("ssh-ed25519 ")
    assert ensure_key(second, elsewhere=first) == made
    assert ensure_key(second, elsewhere=LabFiles(tmp_path / "gone")) == made
    assert second.key.read_text() == first.key.read_text()
    assert second.key.stat().st_mode & 0o777 == 0o600
