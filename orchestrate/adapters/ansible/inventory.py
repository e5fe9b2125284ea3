"""The user's inventory, read by Ansible itself, and the parts that its hosts play.

Ansible's own classes read it in this process: a second `ansible-inventory` process would cost a second
of every cycle, and could not say with which options Ansible would go to a host.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import replace
from functools import cache, cached_property
from io import StringIO
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from orchestrate.adapters.ansible.capacity import read_capacity
from orchestrate.adapters.ansible.complaints import reason_of
from orchestrate.adapters.ansible.connection_vars import way_to
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.vault import make_loader, open_vault
from orchestrate.errors import SettingsError
from orchestrate.model.node import Node
from orchestrate.model.settings import Settings

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_FEW_SERVERS = 3
_OPEN = "give the password of the vault by --vault-password-file or --vault-id"


class NoInventoryError(SettingsError):
    """Neither the command nor Ansible's configuration names one."""


class Inventory:
    """Lazy: Ansible is imported and the sources are read when the first host is asked for."""

    def __init__(self, options: AnsibleOptions, settings: Settings) -> None:
        self.options = options
        self.settings = settings
        self._templated: dict[str, Mapping[str, Any]] = {}
        self._ways: dict[str, Mapping[str, Any]] = {}
        self._is_cached = True

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every host that plays a part, sorted by name."""
        standby = self._matching("standby", self.settings.standby)
        runners = [
            name for name in self._matching("nodes", self.settings.nodes) if name not in standby
        ]
        if not runners:
            raise SettingsError(f"nodes: the pattern {self.settings.nodes!r} matches no host")
        servers = self._matching("consul_servers", self.settings.consul_servers)
        servers = servers or runners[: _FEW_SERVERS if len(runners) >= _FEW_SERVERS else 1]
        proxies = self._matching("proxies", self.settings.proxies) or runners
        return tuple(
            replace(
                self._node(name, name in runners, name in servers, name in proxies),
                stands_by=name in standby,
            )
            for name in sorted({*runners, *servers, *proxies, *standby})
        )

    def refresh(self) -> None:
        """Read the sources anew, and not from a cache."""
        self._is_cached = False
        self._templated.clear()
        for name in ("nodes", "_ansible"):
            self.__dict__.pop(name, None)

    def variables(self, name: str) -> Mapping[str, Any]:
        """A host's variables, templated."""
        if name not in self._templated:
            templar = self.templar(name, include_hostvars=False)
            raw = templar.available_variables
            wanted = {key: value for key, value in raw.items() if key.startswith(_PREFIXES)}
            with self._readable():
                self._templated[name] = {
                    key: templar.template(value) for key, value in wanted.items()
                }
            self._ways[name] = way_to(self._templated[name], raw, self.loader.vaulted_names)
        return self._templated[name]

    def logins(self, host: str) -> Mapping[str, str]:
        """Registries, and who pulls from them: a secret."""
        templar = self.templar(host)
        with self._readable():
            found = templar.template(templar.available_variables.get("registry_logins", {}))
        if not isinstance(found, Mapping):
            raise SettingsError(f"host {host}: registry_logins: expected a mapping")
        return {_bare(name): _bare(login) for name, login in found.items()}

    def texts(self, host: str, names: Collection[str]) -> Mapping[str, str]:
        """Those of its variables that are a text, a number or a truth."""
        templar = self.templar(host)
        known = templar.available_variables
        with self._readable():
            found = {name: templar.template(known[name]) for name in names if name in known}
        return {
            name: _bare(one) for name, one in found.items() if isinstance(one, str | int | float)
        }

    def templar(self, name: str, *, include_hostvars: bool = True) -> Any:
        """Ansible's own, with all that a host's variables say."""
        loader, manager, variables = self._ansible
        from ansible.template import Templar  # noqa: PLC0415 - Ansible takes half a second to import

        with self._readable():
            raw = variables.get_vars(host=manager.get_host(name), include_hostvars=include_hostvars)
        return Templar(loader=loader, variables=raw)

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """SettingsError where variables cannot be read, because their vault stays closed, say."""
        from ansible.errors import AnsibleError  # noqa: PLC0415 - see templar()

        try:
            yield
        except AnsibleError as error:
            said = next(iter(str(error).splitlines()), type(error).__name__)
            advice = f": {_OPEN}" if "decrypt" in said else ""
            raise SettingsError(f"inventory {self._sources}: {said}{advice}") from error

    @property
    def loader(self) -> Any:
        """Ansible's own; it knows the vault's passwords, and the names that stand in vaulted files."""
        return self._ansible[0]

    @property
    def extra_variables(self) -> Mapping[str, Any]:
        """Those of `-e`, as they were given."""
        extra: Mapping[str, Any] = self._ansible[2].extra_vars
        return extra

    def check_sources(self) -> None:
        """Cheap, and early: a wrong path should not cost a second."""
        for source in self.options.inventory:
            if "," not in source and not Path(source).exists():
                raise SettingsError(f"inventory {source}: no such file: give one with -i")

    def hosts(self, pattern: str) -> list[str]:
        """The hosts that an Ansible pattern matches, in the inventory's order."""
        manager = self._ansible[1]
        with redirect_stderr(StringIO()):  # an error of ours says what the warning would
            return [_bare(host.name) for host in manager.get_hosts(pattern)]

    def _matching(self, key: str, pattern: str) -> list[str]:
        if not pattern:
            return []
        found = self.hosts(pattern)
        if not found:
            raise SettingsError(
                f"{key}: the pattern {pattern!r} matches no host of {self._sources}: "
                "correct it in orchestrate.yml, or the inventory"
            )
        return found

    def _node(self, name: str, *parts: bool) -> Node:
        if not _NAME.fullmatch(name):
            raise SettingsError(
                f"host {name!r}: a node's name is made of letters, digits, dots and dashes, as it "
                "becomes its name in Consul: rename the host and set ansible_host"
            )
        runs_containers, serves_consul, proxies = parts
        variables = self.variables(name)
        labels = variables.get("orchestrate_labels") or {}
        if not isinstance(labels, Mapping):
            raise SettingsError(f"host {name}: orchestrate_labels: expected a mapping")
        capacity, reserve = read_capacity(name, variables)
        groups = self._ansible[1].get_host(name).get_groups()
        return Node(
            name=name,
            labels={_bare(key): _bare(value) for key, value in labels.items()},
            groups=frozenset(_bare(group.name) for group in groups) - {"all", "ungrouped"},
            runs_containers=runs_containers,
            serves_consul=serves_consul,
            proxies=proxies,
            address=_address(str(variables.get("ansible_host", name))),
            way=self._ways[name],
            capacity=capacity,
            reserve=reserve,
        )

    @property
    def _sources(self) -> str:
        return ", ".join(self.options.inventory)

    @cached_property
    def _ansible(self) -> tuple[Any, Any, Any]:
        """Ansible's loader, inventory manager and variable manager."""
        self.check_sources()
        _set_defaults()
        from ansible.errors import AnsibleError  # noqa: PLC0415 - see templar()
        from ansible.utils.display import Display  # noqa: PLC0415

        Display()  # the first one sets standard error up, the real one
        warnings = StringIO()
        try:
            with redirect_stderr(warnings):
                found = _read(self.options, is_cached=self._is_cached)
        except AnsibleError as error:
            message = reason_of(warnings.getvalue()) or " ".join(str(error).split())
            raise SettingsError(f"inventory {self._sources}: {message}") from error
        sys.stderr.write(warnings.getvalue())
        return found


def _address(text: str) -> str:
    """Empty for a name: it is not looked up."""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def _bare(text: object) -> str:
    """Ansible's texts carry tags of their origin; further down they are only texts."""
    return str(text).encode().decode()


def default_sources() -> tuple[str, ...]:
    """What ansible.cfg, or the environment, says; an error where they say nothing."""
    _set_defaults()
    from ansible import constants  # noqa: PLC0415 - see Inventory.templar()

    found = tuple(str(source) for source in constants.DEFAULT_HOST_LIST)
    if found == ("/etc/ansible/hosts",) and not Path(found[0]).exists():
        raise NoInventoryError("no inventory: give one with -i, or name it in ansible.cfg")
    return found


def _set_defaults() -> None:
    """Ansible reads them when it is imported for the first time."""
    os.environ.setdefault("ANSIBLE_INVENTORY_UNPARSED_FAILED", "true")
    # Nodes of a source that cannot be read are unknown; they must not seem to be gone.
    os.environ.setdefault("ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED", "true")
    os.environ.setdefault("ANSIBLE_LOCALHOST_WARNING", "false")


_PREFIXES = ("ansible_", "orchestrate_")


@cache
def _find_collections() -> None:
    """Once: Ansible warns of a second time."""
    from ansible.plugins.loader import init_plugin_loader  # noqa: PLC0415 - see Inventory.templar()

    init_plugin_loader()


def _read(options: AnsibleOptions, *, is_cached: bool) -> tuple[Any, Any, Any]:
    from ansible import context  # noqa: PLC0415 - see Inventory.templar()
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
    sources = list(options.inventory)
    manager = InventoryManager(loader=loader, sources=sources, cache=is_cached)
    return loader, manager, VariableManager(loader=loader, inventory=manager)
