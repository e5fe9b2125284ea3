"""The passwords of Ansible's vault, for what is read in this process."""

from __future__ import annotations

from typing import Any

from orchestrate.adapters.ansible.options import AnsibleOptions


def open_vault(loader: Any, options: AnsibleOptions) -> None:
    """As `ansible-playbook` does: first what is configured, then the flags. AnsibleError: none opens."""
    from ansible import constants  # noqa: PLC0415 - Ansible takes half a second to import
    from ansible.cli import CLI  # noqa: PLC0415
    from ansible.parsing.vault import VaultSecretsContext  # noqa: PLC0415

    known = VaultSecretsContext.current(optional=True)
    secrets = CLI.setup_vault_secrets(
        loader,
        [*constants.DEFAULT_VAULT_IDENTITY_LIST, *options.vault_ids],
        list(options.vault_password_files),  # it adds the one that is configured
        auto_prompt=False,
        initialize_context=known is None,
    )
    loader.set_vault_secrets(secrets)
    if known is not None:  # Ansible has one for the whole process
        known.secrets = secrets
