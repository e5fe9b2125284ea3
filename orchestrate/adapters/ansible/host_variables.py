"""The variables of the inventory's hosts, templated by Ansible; each once for a reading of the sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from orchestrate.adapters.ansible.connection_vars import way_to
from orchestrate.adapters.ansible.sources import Sources
from orchestrate.adapters.ansible.tags import untagged
from orchestrate.errors import SettingsError

_PREFIXES = ("ansible_", "orchestrate_")
_OPEN = "give the password of the vault by --vault-password-file or --vault-id"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """The variables of a host that are Ansible's or ours, and those of them that lead to it."""

    variables: Mapping[str, Any]
    way: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostVariables:
    """SettingsError where one cannot be read, because its vault stays closed, say."""

    sources: Sources
    _own: dict[str, _Own] = field(default_factory=dict, repr=False)
    _texts: dict[str, dict[str, str | None]] = field(default_factory=dict, repr=False)

    def of(self, host: str) -> Mapping[str, Any]:
        """The host's variables that are Ansible's or ours."""
        return self._owned(host).variables

    def way(self, host: str) -> Mapping[str, Any]:
        """Return the connection variables of the host; none of them is secret."""
        return self._owned(host).way

    def logins(self, host: str) -> Mapping[str, str]:
        """Registries, and who pulls from them: a secret."""
        templar = self.templar(host)
        with self._readable():
            found = templar.template(templar.available_variables.get("registry_logins", {}))
        if not isinstance(found, Mapping):
            raise SettingsError(f"host {host}: registry_logins: expected a mapping")
        return {untagged(name): untagged(login) for name, login in found.items()}

    def texts(self, host: str, names: Collection[str]) -> Mapping[str, str]:
        """Return the variables of these names that are a text, a number or a truth value."""
        known = self._texts.setdefault(host, {})
        if missing := [name for name in names if name not in known]:
            known.update(self._templated_texts(host, missing))
        return {name: text for name in names if (text := known[name]) is not None}

    def templar(self, host: str, *, include_hostvars: bool = True) -> Any:
        """Ansible's own, with all that a host's variables say."""
        from ansible.template import Templar  # noqa: PLC0415 - Ansible takes half a second to import

        with self._readable():
            raw = self.sources.raw_variables(host, include_hostvars=include_hostvars)
        return Templar(loader=self.sources.loader, variables=raw)

    def _owned(self, host: str) -> _Own:
        if host not in self._own:
            templar = self.templar(host, include_hostvars=False)
            raw = templar.available_variables
            wanted = {key: value for key, value in raw.items() if key.startswith(_PREFIXES)}
            with self._readable():
                found = {key: templar.template(value) for key, value in wanted.items()}
            way = way_to(found, raw, self.sources.loader.vaulted_names)
            self._own[host] = _Own(variables=found, way=way)
        return self._own[host]

    def _templated_texts(self, host: str, names: Collection[str]) -> dict[str, str | None]:
        """None for what is no text, or is not there."""
        templar = self.templar(host)
        raw = templar.available_variables
        with self._readable():
            found = {name: templar.template(raw[name]) if name in raw else None for name in names}
        return {
            name: untagged(value) if isinstance(value, str | int | float) else None
            for name, value in found.items()
        }

    @contextmanager
    def _readable(self) -> Iterator[None]:
        from ansible.errors import AnsibleError  # noqa: PLC0415 - see templar()

        try:
            yield
        except AnsibleError as error:
            said = next(iter(str(error).splitlines()), type(error).__name__)
            advice = f": {_OPEN}" if "decrypt" in said else ""
            raise SettingsError(f"inventory {self.sources.names}: {said}{advice}") from error
