"""The addresses of a node's subnet that new containers may get."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network

from orchestrate.model.observed.node import ObservedNode

_LEFT_TO_ENGINE = 16
"""The last addresses of a subnet, of which the engine picks for containers that are not ours."""
_ANY_NUMBER = 1 << 32


def free_addresses(node: ObservedNode) -> int:
    """How many nobody holds; more than ever asked for where the subnet is not known."""
    if not node.network.subnet:
        return _ANY_NUMBER
    ours = _ours(node)
    return len(ours) - sum(_number(address) in ours for address in _held(node))


def lendable_addresses(node: ObservedNode) -> Iterator[str]:
    """Yield free addresses of the subnet. One that this plan frees may still be admitted elsewhere.

    None where the subnet is not known: then the node chooses.
    """
    if not node.network.subnet:
        return
    taken = _held(node)
    known = (str(IPv4Address(number)) for number in _ours(node))
    yield from (address for address in known if address not in taken)


def _held(node: ObservedNode) -> set[str]:
    return {node.network.gateway, *node.network.addresses}


def _ours(node: ObservedNode) -> range:
    subnet = IPv4Network(node.network.subnet)
    return range(int(subnet[0]) + 1, int(subnet[-1]) - _LEFT_TO_ENGINE + 1)


def _number(address: str) -> int:
    try:
        return int(IPv4Address(address))
    except AddressValueError:
        return 0
