"""Ansible's variables as a source of `${…}`: those of `-e`, and the inventory's `orchestrate_env`.

What a Compose file is filled in with can be read in plans and in the journal; so a value that comes from a
vault is not given away. It is recognised by templating twice, the second time without anything vaulted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from orchestrate.adapters.ansible.inventory import Inventory
from orchestrate.adapters.ansible.tags import untagged
from orchestrate.adapters.ansible.vault import without_vaulted
from orchestrate.errors import SettingsError
from orchestrate.spec.template import TemplateError

KEY = "orchestrate_env"
Values: TypeAlias = Mapping[str, str | TemplateError]
"""An error stands for a value that must not be seen, or that is none."""


class AnsibleVariables(Mapping[str, str]):
    """Read when the first of them is asked for; TemplateError says why one cannot be had."""

    def __init__(self, read: Callable[[], Values]) -> None:
        self._read = read

    @cached_property
    def _values(self) -> Values:
        return self._read()

    def __getitem__(self, name: str) -> str:
        value = self._values[name]
        if isinstance(value, TemplateError):
            raise value
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def read_extra(inventory: Inventory) -> Values:
    """Return the texts and numbers of `-e`; templates there see the variables of `-e` only."""
    raw = inventory.sources.extra_variables
    return _judge(
        "-e",
        {
            name: _templated(_templar(inventory.sources.loader, raw), value)
            for name, value in raw.items()
        },
        _without_vault(inventory, raw, raw),
    )


def read_shared(inventory: Inventory) -> Values:
    """`orchestrate_env`, which is the same on all nodes.

    An inventory without a host has none: that of a fresh machine, which a mere `validate` comes across.
    """
    if not inventory.hosts("all"):
        return {}
    first, *others = [node.name for node in inventory.nodes]
    found = _mapping(inventory, first)
    for other in others:
        _refuse_differences((first, found), (other, _mapping(inventory, other)))
    variables = inventory.templar(first, include_hostvars=False).available_variables
    raw = {} if KEY in inventory.sources.loader.vaulted_names else variables.get(KEY, {})
    if not isinstance(raw, Mapping):  # a template of all
        raw = _without_vault(inventory, variables, {KEY: raw}).get(KEY)
    closed = _without_vault(inventory, variables, raw) if isinstance(raw, Mapping) else {}
    return _judge(KEY, found, closed)


def _mapping(inventory: Inventory, host: str) -> Mapping[str, Any]:
    found = inventory.variables(host).get(KEY) or {}
    if not isinstance(found, Mapping):
        raise SettingsError(f"host {host}: {KEY}: expected a mapping of names to values")
    return found


def _refuse_differences(
    one: tuple[str, Mapping[str, Any]], other: tuple[str, Mapping[str, Any]]
) -> None:
    """Refuse a variable that differs between hosts: all of them get the same file."""
    if one[1] == other[1]:
        return
    names = {*one[1], *other[1]}
    name = min(str(name) for name in names if one[1].get(name) != other[1].get(name))
    raise SettingsError(
        f"{KEY}: {name} is not the same on {one[0]} and {other[0]}: set it for the group all"
    )


def _judge(source: str, found: Mapping[str, Any], closed: Mapping[str, Any]) -> Values:
    """`closed` is what is left of `found` while all vaults are closed.

    A list or mapping of `-e` is for others, and no variable of a Compose file.
    """
    values: dict[str, str | TemplateError] = {}
    for name, value in found.items():
        text = _text(value)
        if text is not None and closed.get(name) == value:
            values[str(name)] = text
        elif text is not None:
            values[str(name)] = TemplateError(f"the variable {name} of {source} {_VAULTED}")
        elif source == KEY or value is None:
            values[str(name)] = TemplateError(f"the variable {name} of {source} {_ODD}")
    return values


_ODD = "is no text or number, or a template that cannot be filled in here"
_VAULTED = (
    "comes from a vault, and what a Compose file is filled in with can be read in plans and in the "
    'journal: bring it into the container by "secrets" (external: true)'
)


def _text(value: Any) -> str | None:
    """Return the value as a file of variables would have it; None: it is neither a text nor a number."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return untagged(value)
        case int() | float():
            return str(value)
        case _:
            return None


def _without_vault(
    inventory: Inventory, variables: Mapping[str, Any], raw: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the variables that need no vault password, directly or through others."""
    from ansible.parsing.dataloader import DataLoader  # noqa: PLC0415 - Ansible takes its time

    names = inventory.sources.loader.vaulted_names
    templar = _templar(DataLoader(), without_vaulted(variables, names))
    kept = without_vaulted(raw, names)
    return {name: _templated(templar, value) for name, value in kept.items()}


def _templar(loader: Any, variables: Mapping[str, Any]) -> Any:
    from ansible.template import Templar  # noqa: PLC0415 - Ansible takes its time

    return Templar(loader=loader, variables=variables)


def _templated(templar: Any, value: Any) -> Any:
    """None where it cannot be."""
    from ansible.errors import AnsibleError  # noqa: PLC0415 - Ansible takes its time

    try:
        return templar.template(value)
    except AnsibleError:
        return None
