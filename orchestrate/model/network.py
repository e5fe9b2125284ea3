"""Networks: who may reach whom.

Every container has one address in the one network of its node. A network of a Compose file is a set of
such addresses, over all nodes; two replicas reach each other when some network holds both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_INTERNAL_MARK = ":internal"
_WORD = re.compile(rf"(?P<name>[A-Za-z0-9][A-Za-z0-9_.-]{{0,199}})(?P<mark>{_INTERNAL_MARK})?")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Network:
    """`name` is that of the whole cluster, as Compose makes it: `<project>_<key>`, or what `name` says.

    A replica that is in internal networks only has no way out of the cluster.
    """

    name: str
    internal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The policy that a node enforces: the members of each network that a replica of it is in.

    `confined` are its own addresses without a way out. All addresses are sorted.
    """

    networks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confined: tuple[str, ...] = ()


def default_network(project: str) -> Network:
    return Network(name=f"{project}_default")


def write_networks(networks: tuple[Network, ...]) -> str:
    """The text of a label: `shop_back:internal,shop_front`."""
    return ",".join(one.name + _INTERNAL_MARK * one.internal for one in sorted(networks))


def read_networks(text: str) -> tuple[Network, ...]:
    """The networks of such a text. A label is data from a node: what is no name is passed over."""
    found = (_WORD.fullmatch(word) for word in text.split(","))
    return tuple(Network(name=one["name"], internal=bool(one["mark"])) for one in found if one)
