"""An inventory in a file, as the tests of several of its readers need it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.model.node import Node
from tests.planning import settings_with

HOSTS = """
all:
  children:
    app:
      hosts:
        a1: {orchestrate_labels: {zone: a, rack: 7}}
        a2: {orchestrate_labels: {zone: "{{ home }}"}, home: b}
        a3:
        a4:
    edge:
      hosts: {e1: }
"""


Read = Callable[..., tuple[Node, ...]]


@pytest.fixture
def inventory(tmp_path: Path) -> Callable[..., Inventory]:
    """An inventory's text, by these settings."""

    def inventory(text: str = HOSTS, passwords: tuple[str, ...] = (), **settings: Any) -> Inventory:
        file = tmp_path / "hosts.yml"
        file.write_text(text)
        options = AnsibleOptions(inventory=(str(file),), vault_password_files=passwords)
        return Inventory(options, settings_with(**settings))

    return inventory


@pytest.fixture
def read(inventory: Callable[..., Inventory]) -> Read:
    """The nodes of it."""
    return lambda *text, **fields: inventory(*text, **fields).nodes
