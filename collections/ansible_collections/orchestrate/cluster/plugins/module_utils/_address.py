# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which address a new container gets: the one asked for, or the lowest that no container holds.

The engine hands out addresses of its own from the last part of the subnet (its `ip-range`); ours
lie below it, and a stopped container keeps its own, so that an address never changes hands while
its container exists.
"""

from __future__ import annotations

import ipaddress

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError

_DYNAMIC_PREFIX = 28


def gateway_of(network: dict) -> str:
    return _plan(network).get("Gateway", "")


def choose_address(network: dict, containers: list[dict], wanted: str = "") -> str:
    """`wanted` does not count where the network was made anew with another subnet meanwhile."""
    name = network["Name"]
    subnet = subnet_of(network)
    dynamic = _dynamic_start(_plan(network), subnet)
    taken = {gateway_of(network)} | _held(name, containers)
    if _is_inside(wanted, subnet):
        if wanted in taken:
            raise ActionError(f"the address {wanted} is held by another container: plan again")
        return wanted
    for host in subnet.hosts():
        if host >= dynamic:
            break
        if str(host) not in taken:
            return str(host)
    raise ActionError(
        f"no address is free in the network {name!r} ({subnet}): remove containers from this node"
    )


def _is_inside(address: str, subnet: ipaddress.IPv4Network) -> bool:
    try:
        return ipaddress.IPv4Address(address) in subnet
    except ValueError:
        return False


def address_of(container: dict, network: str) -> str:
    """Tell the address of a container, also of one that does not run."""
    endpoint = (container["NetworkSettings"].get("Networks") or {}).get(network) or {}
    return endpoint.get("IPAddress") or (endpoint.get("IPAMConfig") or {}).get("IPv4Address") or ""


def any_address_of(container: dict) -> str:
    """Tell the address of a container in its first network that gives it one."""
    networks = sorted(container["NetworkSettings"].get("Networks") or ())
    return next(filter(None, (address_of(container, network) for network in networks)), "")


def _held(network: str, containers: list[dict]) -> set[str]:
    return {address_of(container, network) for container in containers}


def _plan(network: dict) -> dict:
    plans = (network.get("IPAM") or {}).get("Config") or [{}]
    return plans[0]


def subnet_of(network: dict) -> ipaddress.IPv4Network:
    try:
        return ipaddress.IPv4Network(_plan(network)["Subnet"])
    except (KeyError, ValueError):
        name = network["Name"]
        raise ActionError(
            f"the network {name!r} has no IPv4 subnet: replicas need one of a bridge"
        ) from None


def _dynamic_start(plan: dict, subnet: ipaddress.IPv4Network) -> ipaddress.IPv4Address:
    if plan.get("IPRange"):
        return ipaddress.IPv4Network(plan["IPRange"]).network_address
    return subnet.broadcast_address - (2 ** (32 - _DYNAMIC_PREFIX) - 1)
