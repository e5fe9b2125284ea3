"""The port `Inventory`: the user's own, and the parts that its hosts play."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from orchestrate.adapters.ansible.host_variables import HostVariables
from orchestrate.adapters.ansible.nodes import read_nodes
from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.sources import Sources, read_sources
from orchestrate.model.node import Node
from orchestrate.model.settings import Settings


@dataclass(slots=True)
class Inventory:
    """Lazy: Ansible is imported and the sources are read when the first host is asked for."""

    options: AnsibleOptions
    settings: Settings
    _read: HostVariables | None = None
    _nodes: tuple[Node, ...] | None = None
    _is_cached: bool = True

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every host that plays a part, sorted by name."""
        if self._nodes is None:
            self._nodes = read_nodes(self.settings, self._variables)
        return self._nodes

    def refresh(self) -> None:
        """Read the sources anew, and not from a cache."""
        self._read, self._nodes, self._is_cached = None, None, False

    def node_variables(self, names: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """Return by node those of the named variables that are texts or numbers there."""
        return {node.name: self._variables.texts(node.name, names) for node in self.nodes}

    def variables(self, host: str) -> Mapping[str, Any]:
        """A host's variables that are Ansible's or ours, templated."""
        return self._variables.of(host)

    def logins(self, host: str) -> Mapping[str, str]:
        """Registries, and who pulls from them: a secret."""
        return self._variables.logins(host)

    def templar(self, host: str, *, include_hostvars: bool = True) -> Any:
        """Ansible's own, with all that a host's variables say."""
        return self._variables.templar(host, include_hostvars=include_hostvars)

    def hosts(self, pattern: str) -> list[str]:
        """The hosts that an Ansible pattern matches, in the inventory's order."""
        return self.sources.hosts(pattern)

    @property
    def sources(self) -> Sources:
        return self._variables.sources

    @property
    def _variables(self) -> HostVariables:
        if self._read is None:
            sources = read_sources(self.options, is_cached=self._is_cached)
            self._read = HostVariables(sources=sources)
        return self._read
