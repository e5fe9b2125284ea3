"""Routes and published ports -> the play that configures the proxies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from orchestrate.model.plan import ConfigureProxy, ProxyPort, Route, Step
from orchestrate.render.play import Play, make_play

DNS_ADDRESS = "{{ proxy_dns_addresses[inventory_hostname] }}"
_CONFIGURE: Mapping[str, Any] = {
    "name": "Configure the proxy",
    "ansible.builtin.include_role": {
        "name": "orchestrate.cluster.proxy",
        "tasks_from": "configure",
    },
}


def proxy_plays(step: Step) -> Iterator[Play]:
    actions = [action for action in step.actions if isinstance(action, ConfigureProxy)]
    if actions:
        hosts = sorted(action.node for action in actions)
        yield make_play(step.title, hosts, _variables(actions), _CONFIGURE)


def _variables(actions: Sequence[ConfigureProxy]) -> dict[str, Any]:
    """Return the variables: one configuration for all proxies, but for the address of Consul's DNS."""
    wanted = actions[0].configuration
    return {
        "proxy_routes": [{"name": _name(route), **asdict(route)} for route in wanted.routes],
        "proxy_ports": [{"name": _name(port), **asdict(port)} for port in wanted.ports],
        "proxy_routes_hash": wanted.fingerprint,
        "proxy_dns_addresses": {action.node: action.dns_address for action in actions},
        "proxy_dns_address": DNS_ADDRESS,
    }


def _name(served: Route | ProxyPort) -> str:
    return f"{served.project}--{served.service}"
