"""The passwords of Ansible's vault, for what is read in this process, and what they opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from orchestrate.adapters.ansible.options import AnsibleOptions


def open_vault(loader: Any, options: AnsibleOptions) -> None:
    """Open the vault as `ansible-playbook` does: configuration first, then flags.

    AnsibleError: it stays shut.
    """
    from ansible.parsing.vault import VaultSecretsContext  # noqa: PLC0415 - Ansible takes half a second to import

    secrets = _secrets(loader, options)
    loader.set_vault_secrets(secrets)
    known = VaultSecretsContext.current(optional=True)
    if known is None:
        VaultSecretsContext.initialize(VaultSecretsContext(secrets))
    else:  # Ansible has one for the whole process
        known.secrets = secrets


def _secrets(loader: Any, options: AnsibleOptions) -> list[Any]:
    from ansible import constants  # noqa: PLC0415 - see open_vault()

    ids = [*constants.DEFAULT_VAULT_IDENTITY_LIST, *options.vault_ids]
    files = list(options.vault_password_files)
    if not (ids or files or constants.DEFAULT_VAULT_PASSWORD_FILE):
        return []
    from ansible.cli import CLI  # noqa: PLC0415 - it takes as long as all else of Ansible that is needed

    # It adds the file that is configured.
    found: list[Any] = CLI.setup_vault_secrets(
        loader, ids, files, auto_prompt=False, initialize_context=False
    )
    return found


def make_loader() -> Any:
    """Ansible's own, which also keeps the names that it saw in vaulted files, as `vaulted_names`."""
    from ansible.parsing.dataloader import DataLoader  # noqa: PLC0415 - see open_vault()
    from ansible.parsing.vault import is_encrypted_file  # noqa: PLC0415

    class Loader(DataLoader):  # type: ignore[misc]  # Ansible has no types
        def __init__(self) -> None:
            super().__init__()
            self.vaulted_names: set[str] = set()

        def get_text_file_contents(self, file_name: str, encoding: str | None = None) -> str:
            text: str = super().get_text_file_contents(file_name, encoding)
            with Path(self.path_dwim(file_name)).open("rb") as file:
                if is_encrypted_file(file):
                    self.vaulted_names.update(_NAME.findall(text))
            return text

    return Loader()


_NAME = re.compile(r"""([A-Za-z_]\w*)["']?\s*[:=]""")
"""What may be the name of a variable, in YAML, in JSON and in an INI file; it may be too much."""


def without_vaulted(value: Any, names: AbstractSet[str]) -> Any:
    """A variable, or all of them, without what is vaulted by itself, and what has one of the names."""
    from ansible.parsing.vault import EncryptedString  # noqa: PLC0415 - see open_vault()

    def is_open(part: Any) -> bool:
        return not isinstance(part, EncryptedString)

    match value:
        case Mapping():
            return {
                name: without_vaulted(inner, names)
                for name, inner in value.items()
                if name not in names and is_open(inner)
            }
        case list():
            return [without_vaulted(inner, names) for inner in value if is_open(inner)]
        case _:
            return value
