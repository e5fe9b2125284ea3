"""The inventory that a command was given, and the variables that its Compose files may take from Ansible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestrate.adapters import settings
from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.sources import NoInventoryError, default_sources
from orchestrate.adapters.ansible.variables import (
    AnsibleVariables,
    Values,
    read_extra,
    read_shared,
)
from orchestrate.model.settings import Settings


@dataclass(frozen=True)
class Given:
    """The flags of a command that lead to its inventory. `settings_file` None: where it is looked for."""

    options: AnsibleOptions
    settings_file: str | None

    @classmethod
    def by(cls, flags: Mapping[str, Any]) -> Given:
        """Take the flags as click parsed them; a command need not have all of them."""
        options = AnsibleOptions(
            inventory=tuple(flags["inventory"]),
            extra_vars=tuple(flags["extra_vars"]),
            vault_password_files=tuple(flags["vault_password_file"]),
            vault_ids=tuple(flags["vault_id"]),
            become=flags.get("become", False),
            check=flags.get("check", False),
            diff=flags.get("diff", False),
            limit=flags.get("limit", ""),
        )
        return cls(options, flags["settings"])

    @cached_property
    def inventory(self) -> Inventory:
        """The inventory, or that of Ansible's configuration; its sources are read when they are first asked."""
        sources = self.options.inventory or default_sources()
        found = settings.load(settings.find(self.settings_file, sources))
        return Inventory(replace(self.options, inventory=sources), found)

    @property
    def extra(self) -> AnsibleVariables:
        """The variables of `--extra-vars`."""
        return AnsibleVariables(self._extra)

    @property
    def shared(self) -> AnsibleVariables:
        """The variables that all hosts share; without an inventory there are none."""
        return AnsibleVariables(self._shared)

    def _extra(self) -> Values:
        """Read the variables; without an inventory as if there were one of this machine alone."""
        if not self.options.extra_vars:
            return {}
        try:
            return read_extra(self.inventory)
        except NoInventoryError:
            options = replace(self.options, inventory=("localhost,",))
            return read_extra(Inventory(options, Settings()))

    def _shared(self) -> Values:
        try:
            return read_shared(self.inventory)
        except NoInventoryError:
            return {}


def check_settings(explicit: str | None, sources: Sequence[str]) -> None:
    """SpecError with everything that is wrong in `orchestrate.yml`, if there is one."""
    settings.load(settings.find(explicit, sources))


def settings_file_of(explicit: str | None, sources: Sequence[str]) -> Path | None:
    """Return the path of `orchestrate.yml`, if there is one."""
    return settings.find(explicit, sources)
