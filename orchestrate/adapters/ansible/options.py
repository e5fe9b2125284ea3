"""The user's options for Ansible, passed on unchanged."""

from __future__ import annotations

import shlex
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsibleOptions:
    """The flags of `ansible-playbook` that we know, under their own names."""

    inventory: tuple[str, ...] = ()
    extra_vars: tuple[str, ...] = ()
    vault_password_files: tuple[str, ...] = ()
    vault_ids: tuple[str, ...] = ()
    become: bool = False
    check: bool = False
    diff: bool = False
    limit: str = ""

    def arguments(self) -> list[str]:
        """Arguments for `ansible-playbook`, the inventory left out."""
        words = [word for value in self.extra_vars for word in ("-e", value)]
        words += [
            word for file in self.vault_password_files for word in ("--vault-password-file", file)
        ]
        words += [word for value in self.vault_ids for word in ("--vault-id", value)]
        words += ["--become"] * self.become + ["--check"] * self.check + ["--diff"] * self.diff
        return words + (["--limit", self.limit] if self.limit else [])

    def command_line(self) -> str:
        return shlex.join(self.arguments())
