"""The way to Consul where its server is the machine that the command runs on."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.commands.session import Session
from orchestrate.errors import UnreachableError
from orchestrate.model.settings import Settings
from tests.fake_ports import FakeReporter


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        pytest.param("local", "box: Consul does not answer", id="this-machine"),
        pytest.param(
            "community.docker.docker", "set consul_address in orchestrate.yml", id="other"
        ),
    ],
)
def test_no_tunnel_is_needed_at_home(tmp_path: Path, kind: str, said: str) -> None:
    """Nobody listens there, so this is as far as it gets."""
    hosts = tmp_path / "hosts"
    hosts.write_text(f"box ansible_connection={kind}\n", encoding="utf-8")
    inventory = Inventory(AnsibleOptions(inventory=(str(hosts),)), Settings())

    with (
        pytest.raises(UnreachableError, match=said),
        Session(inventory=inventory, reporter=FakeReporter()).reached(),
    ):
        pass
