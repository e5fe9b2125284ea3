"""The addresses of labs: 198.18.<index>.0/24, reserved for tests and never routed (RFC 2544)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from orchestrate.errors import InputError

CLUSTER_RANGE = "198.19.0.0/16"  # what the nodes cut their own subnets from, the same in each lab
MAX_LABS = 254
MAX_NODES = 200
_REGISTRY_HOST = 2
_FIRST_NODE_HOST = 11


@dataclass(frozen=True, slots=True)
class LabAddresses:
    index: int

    @property
    def subnet(self) -> IPv4Network:
        return IPv4Network(f"198.18.{self.index}.0/24")

    @property
    def gateway(self) -> IPv4Address:
        return self.subnet[1]

    @property
    def registry(self) -> IPv4Address:
        return self.subnet[_REGISTRY_HOST]

    def node(self, number: int) -> IPv4Address:
        """The address of node `n<number>`, counted from 1."""
        return self.subnet[_FIRST_NODE_HOST + number - 1]


def choose_index(taken: Iterable[int]) -> int:
    """The lowest index that no other lab has."""
    used = set(taken)
    for index in range(1, MAX_LABS + 1):
        if index not in used:
            return index
    raise InputError(
        f"all {MAX_LABS} lab networks are in use: "
        "`orchestrate lab status` lists them, `orchestrate lab down --name NAME` frees one"
    )
