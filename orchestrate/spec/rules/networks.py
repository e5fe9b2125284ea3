"""Networks, as the project declares them and as a service joins them."""

from __future__ import annotations

import re

from orchestrate.spec.located import Located, Plain
from orchestrate.spec.rules.cursor import Cursor, MismatchError
from orchestrate.spec.rules.kinds import Forms, Named, PassedOver, Refused, Scalar, Section, Unique
from orchestrate.spec.rules.scalars import BOOLEAN, matching, one_of

_KEY = matching("a name of letters, digits and _ . -", r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_NAME = matching("a name of letters, digits and _ . -", r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
ALIAS = matching(
    "a name that DNS can hold, of letters, digits, - and _",
    r"(?!.*--)[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?",
)


def _parse_hardware_address(text: str) -> str | None:
    address = text.lower()
    if not _HARDWARE_ADDRESS.fullmatch(address):
        return None
    if int(address[:2], 16) % 2:
        raise ValueError("that of a single interface has an even first number")
    return address


_HARDWARE_ADDRESS = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
HARDWARE_ADDRESS = Scalar('a hardware address such as "02:42:ac:11:65:43"', _parse_hardware_address)
_ADDRESSES = Refused("every replica has one address, which the cluster chooses: remove it")
_CARRIED = Refused("the network between the nodes carries all of them: set it by the role network")
_NO_OBJECT = "are on nothing, since a network is no object of its own here: remove them"
_ONE_INTERFACE = Refused("a container has one interface, whatever networks it is in: remove it")


def check_external(spot: Cursor, declared: Plain) -> None:
    """Refuse a description of an external network: that belongs to its own project."""
    odd = sorted(declared.keys() - {"external", "name"})
    if declared.get("external") and odd:
        spot.refuse(f'is external, and so its own project says "{odd[0]}": remove one of both')


_NETWORK = Section(
    keys={
        "name": _NAME,
        "external": BOOLEAN,
        "internal": BOOLEAN,
        "driver": one_of(
            "overlay", "bridge", advice="the network between the nodes carries all of them"
        ),
        "labels": PassedOver(_NO_OBJECT),
        "driver_opts": _CARRIED,
        "ipam": _ADDRESSES,
        "attachable": Refused("only replicas are in the networks: remove it"),
        "enable_ipv4": Refused("the network between the nodes is one of IPv4: remove it"),
        "enable_ipv6": Refused("the network between the nodes is one of IPv4: remove it"),
    },
    checks=(check_external,),
    may_be_empty=True,
)
NETWORKS = Named(_KEY, _NETWORK)

_ALIASES = Unique(
    item=lambda spot: [ALIAS(spot)],
    identity=lambda alias: alias.lower(),
    note="alias",
)
_MEMBERSHIP = Section(
    keys={
        "aliases": _ALIASES,
        "ipv4_address": _ADDRESSES,
        "ipv6_address": _ADDRESSES,
        "link_local_ips": _ADDRESSES,
        "mac_address": HARDWARE_ADDRESS,
        "interface_name": _ONE_INTERFACE,
        "priority": _ONE_INTERFACE,
        "gw_priority": _ONE_INTERFACE,
        "driver_opts": _CARRIED,
    },
    may_be_empty=True,
)


def _read_list(spot: Cursor) -> Plain:
    """The short form: names alone; the same one again, in a later file, says nothing new."""
    named = {str(name.content): name for name in spot.items() if name.read(_KEY)}
    return _read_mapping(
        spot.holding({key: Located(None, one.place) for key, one in named.items()})
    )


def _read_mapping(spot: Cursor) -> Plain:
    read = Named(_KEY, _MEMBERSHIP)(spot)
    for name, joined in spot.entries():
        joined.note("joined", name)
    if not read:
        raise MismatchError("names no network: remove it for the default one")
    return read


MEMBERSHIPS = Forms("a list or a mapping of networks", sequence=_read_list, mapping=_read_mapping)


def join_hardware_addresses(spot: Cursor, service: Plain) -> None:
    """A container has one interface, whatever networks it is in: its address has one place."""
    memberships = service.get("networks", {}).values()
    given = {one.pop("mac_address") for one in memberships if "mac_address" in one}
    given |= {service["mac_address"]} if "mac_address" in service else set()
    if len(given) > 1:
        spot.refuse(
            f'a container has one interface: keep one "mac_address" of {", ".join(sorted(given))}'
        )
    elif given:
        service["mac_address"] = given.pop()


_MODES = {
    "host": (
        "a replica is found and checked at an address of its own: "
        'publish its port with "mode: host" under "ports"'
    ),
    "none": "a replica without an address is neither found nor checked",
    "bridge": 'replicas are in the network between the nodes: name its parts under "networks"',
}
_ELSEWHERE = (
    "replicas of two services may run on different nodes: give both a network under "
    '"networks", and let one name the other'
)


NETWORK_MODE = Refused(_ELSEWHERE, _MODES)
