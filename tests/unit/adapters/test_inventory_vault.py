"""Inventories with vaulted variables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrate.errors import SettingsError
from tests.unit.adapters.conftest import HOSTS, Read
from tests.vaults import password_file, vaulted, vaulted_variable

CLOSED = "give the password of the vault by --vault-password-file or --vault-id"


def in_a_file(directory: Path) -> str:
    """Variables in a vaulted file beside the inventory."""
    (directory / "group_vars").mkdir()
    (directory / "group_vars" / "all.yml").write_text(vaulted(b"orchestrate_labels: {}", "sesame"))
    return HOSTS


def in_the_inventory(_: Path) -> str:
    return f"all:\n  vars:\n    ansible_password: {vaulted_variable('x', 'sesame')}\n  hosts: {{a: }}\n"


@pytest.mark.parametrize("password", [None, "wrong"], ids=["no-password", "wrong-password"])
@pytest.mark.parametrize("text", [in_a_file, in_the_inventory])
def test_a_vault_that_stays_closed_is_said(
    read: Read, tmp_path: Path, text: Callable[[Path], str], password: str | None
) -> None:
    given = (password_file(tmp_path, password),) if password else ()

    with pytest.raises(SettingsError, match=CLOSED):
        read(text(tmp_path), passwords=given)


@pytest.mark.parametrize("text", [in_a_file, in_the_inventory])
def test_a_vault_is_opened(read: Read, tmp_path: Path, text: Callable[[Path], str]) -> None:
    assert read(text(tmp_path), passwords=(password_file(tmp_path, "sesame"),))
