"""Hosts of the inventory -> nodes, by the patterns of the settings."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from orchestrate.adapters.ansible.host_variables import HostVariables
from orchestrate.adapters.ansible.sources import Sources
from orchestrate.adapters.ansible.tags import untagged
from orchestrate.errors import SettingsError
from orchestrate.model.node import Node
from orchestrate.model.settings import Settings
from orchestrate.spec.settings import read_resources

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_FEW_SERVERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The hosts that play each part: they run containers, stand by, serve Consul, or proxy."""

    runners: Collection[str]
    standby: Collection[str]
    servers: Collection[str]
    proxies: Collection[str]

    @property
    def hosts(self) -> list[str]:
        return sorted({*self.runners, *self.standby, *self.servers, *self.proxies})


def read_nodes(settings: Settings, variables: HostVariables) -> tuple[Node, ...]:
    """Every host that plays a part, sorted by name. SettingsError names the pattern or the host."""
    roles = roles_of(settings, variables.sources)
    return tuple(_node(name, roles, variables) for name in roles.hosts)


def roles_of(settings: Settings, sources: Sources) -> Roles:
    standby = _matching(sources, "standby", settings.hosts.standby)
    runners = [
        name for name in _matching(sources, "nodes", settings.hosts.nodes) if name not in standby
    ]
    if not runners:
        raise SettingsError(f"nodes: the pattern {settings.hosts.nodes!r} matches no host")
    servers = _matching(sources, "consul_servers", settings.hosts.consul_servers)
    few = _FEW_SERVERS if len(runners) >= _FEW_SERVERS else 1
    return Roles(
        runners=frozenset(runners),
        standby=frozenset(standby),
        servers=frozenset(servers or runners[:few]),
        proxies=frozenset(_matching(sources, "proxies", settings.hosts.proxies) or runners),
    )


def _matching(sources: Sources, key: str, pattern: str) -> list[str]:
    if not pattern:
        return []
    hosts = sources.hosts(pattern)
    if not hosts:
        raise SettingsError(
            f"{key}: the pattern {pattern!r} matches no host of {sources.names}: "
            "correct it in orchestrate.yml, or the inventory"
        )
    return hosts


def _node(name: str, roles: Roles, variables: HostVariables) -> Node:
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"host {name!r}: a node's name is made of letters, digits, dots and dashes, as it "
            "becomes its name in Consul: rename the host and set ansible_host"
        )
    own = variables.of(name)
    labels = own.get("orchestrate_labels") or {}
    if not isinstance(labels, Mapping):
        raise SettingsError(f"host {name}: orchestrate_labels: expected a mapping")
    return Node(
        name=name,
        labels={untagged(key): untagged(value) for key, value in labels.items()},
        groups=variables.sources.groups(name),
        runs_containers=name in roles.runners,
        serves_consul=name in roles.servers,
        proxies=name in roles.proxies,
        stands_by=name in roles.standby,
        address=_address(str(own.get("ansible_host", name))),
        way=variables.way(name),
        resources=read_resources(name, own),
    )


def _address(text: str) -> str:
    """Empty for a name: it is not looked up."""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""
