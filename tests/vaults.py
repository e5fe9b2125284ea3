"""Vaulted files and variables, made as `ansible-vault` makes them."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

from ansible.parsing.vault import VaultLib, VaultSecret


def vaulted(content: bytes, password: str) -> str:
    """The text of a vaulted file."""
    secret = VaultSecret(password.encode())
    return str(VaultLib([("default", secret)]).encrypt(content, secret).decode())


def vaulted_variable(value: str, password: str) -> str:
    """What stands behind the colon in YAML, however deep."""
    return f"!vault |\n{indent(vaulted(value.encode(), password), ' ' * 8)}"


def password_file(directory: Path, password: str) -> str:
    file = directory / f"{password}.password"
    file.write_text(password)
    return str(file)
