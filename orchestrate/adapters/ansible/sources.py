"""The sources of an inventory, read by Ansible itself.

Ansible's own classes read them in this process: a second `ansible-inventory` process would cost a second
of every cycle, and could not say with which options Ansible would go to a host.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from orchestrate.adapters.ansible.complaints import reason_of
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.tags import untagged
from orchestrate.adapters.ansible.vault import make_loader, open_vault
from orchestrate.errors import SettingsError


class NoInventoryError(SettingsError):
    """Neither the command nor Ansible's configuration names one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """A reading of the inventory's sources. All three values are Ansible's own.

    `loader` knows the vault's passwords, and the names that stand in vaulted files.
    """

    names: str
    loader: Any
    manager: Any
    variables: Any

    @property
    def extra_variables(self) -> Mapping[str, Any]:
        """Return the variables of `-e`, as they were given."""
        extra: Mapping[str, Any] = self.variables.extra_vars
        return extra

    def hosts(self, pattern: str) -> list[str]:
        """The hosts that an Ansible pattern matches, in the inventory's order."""
        with redirect_stderr(StringIO()):  # an error of ours says what the warning would
            return [untagged(host.name) for host in self.manager.get_hosts(pattern)]

    def groups(self, host: str) -> frozenset[str]:
        """The groups of a host, but for those that every host may be in."""
        groups = self.manager.get_host(host).get_groups()
        return frozenset(untagged(group.name) for group in groups) - {"all", "ungrouped"}

    def raw_variables(self, host: str, *, include_hostvars: bool) -> Mapping[str, Any]:
        """Return everything that the inventory says of a host, not templated yet."""
        found: Mapping[str, Any] = self.variables.get_vars(
            host=self.manager.get_host(host), include_hostvars=include_hostvars
        )
        return found


def default_sources() -> tuple[str, ...]:
    """Return the sources that ansible.cfg or the environment names. NoInventoryError: neither does."""
    _set_defaults()
    from ansible import constants  # noqa: PLC0415 - Ansible takes half a second to import

    found = tuple(str(source) for source in constants.DEFAULT_HOST_LIST)
    if found == ("/etc/ansible/hosts",) and not Path(found[0]).exists():
        raise NoInventoryError("no inventory: give one with -i, or name it in ansible.cfg")
    return found


def _check(names: Iterable[str]) -> None:
    """Refuse a wrong path: early, as it should not cost a second."""
    for name in names:
        if "," not in name and not Path(name).exists():
            raise SettingsError(f"inventory {name}: no such file: give one with -i")


def read_sources(options: AnsibleOptions, *, is_cached: bool) -> Sources:
    """Read them, from Ansible's cache if they may be. SettingsError says what Ansible complains about."""
    _check(options.inventory)
    _set_defaults()
    from ansible.errors import AnsibleError  # noqa: PLC0415 - see default_sources()
    from ansible.utils.display import Display  # noqa: PLC0415

    Display()  # the first one sets standard error up, the real one
    warnings = StringIO()
    try:
        with redirect_stderr(warnings):
            found = _read(options, is_cached=is_cached)
    except AnsibleError as error:
        message = reason_of(warnings.getvalue()) or " ".join(str(error).split())
        raise SettingsError(f"inventory {', '.join(options.inventory)}: {message}") from error
    sys.stderr.write(warnings.getvalue())
    return found


def _set_defaults() -> None:
    """Ansible reads them when it is imported for the first time."""
    os.environ.setdefault("ANSIBLE_INVENTORY_UNPARSED_FAILED", "true")
    # Nodes of a source that cannot be read are unknown; they must not seem to be gone.
    os.environ.setdefault("ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED", "true")
    os.environ.setdefault("ANSIBLE_LOCALHOST_WARNING", "false")


@cache
def _find_collections() -> None:
    """Once: Ansible warns of a second time."""
    from ansible.plugins.loader import init_plugin_loader  # noqa: PLC0415 - see default_sources()

    init_plugin_loader()


def _read(options: AnsibleOptions, *, is_cached: bool) -> Sources:
    from ansible import context  # noqa: PLC0415 - see default_sources()
    from ansible.inventory.manager import InventoryManager  # noqa: PLC0415
    from ansible.module_utils.common.collections import ImmutableDict  # noqa: PLC0415
    from ansible.template import trust_as_template  # noqa: PLC0415
    from ansible.utils.vars import load_extra_vars  # noqa: PLC0415
    from ansible.vars.manager import VariableManager  # noqa: PLC0415

    given = tuple(map(trust_as_template, options.extra_vars))
    context.CLIARGS = ImmutableDict(extra_vars=given, inventory=options.inventory)
    _find_collections()
    load_extra_vars.extra_vars = {}  # it remembers those of another inventory
    loader = make_loader()
    open_vault(loader, options)
    manager = InventoryManager(loader=loader, sources=list(options.inventory), cache=is_cached)
    return Sources(
        names=", ".join(options.inventory),
        loader=loader,
        manager=manager,
        variables=VariableManager(loader=loader, inventory=manager),
    )
