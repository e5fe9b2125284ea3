# Copyright (c) orchestrate contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Give every host its subnet of the cluster's range, and never take one away again.

The only record of who has which subnet are the files on the hosts: each holds the whole table as it
was when that host was last provisioned. What a host says of itself counts; of a host that cannot be
read now, what most of the others say.
"""

from __future__ import annotations

DOCUMENTATION = """
name: subnets
short_description: The subnet and the address of every host of the cluster's network
version_added: 0.1.0
description:
  - Keeps the subnets that the hosts' records name, and gives free ones to the hosts that have none.
  - A host that has never told its address is left out.
positional: records, addresses, cluster_range
options:
  _input:
    description: Names of all hosts that belong to the network.
    type: list
    elements: str
    required: true
  records:
    description:
      - C(/etc/orchestrate/network.json) of every host that could be read and has it, as text.
      - A damaged one counts as none.
    type: list
    elements: str
    required: true
  addresses:
    description: The addresses of the hosts that could be asked; those of the others are in the records.
    type: dict
    required: true
  cluster_range:
    description: The range that the subnets, each of 256 addresses, are cut from.
    type: str
    required: true
"""

EXAMPLES = """
- name: Give every host its subnet
  ansible.builtin.set_fact:
    table: "{{ ['n1', 'n2'] | orchestrate.cluster.subnets([], addresses, '10.210.0.0/16') }}"
  vars:
    addresses: {n1: 192.0.2.1, n2: 192.0.2.2}
"""

RETURN = """
_value:
  description: For each host C(name), C(address), C(subnet) and C(gateway), sorted by name.
  type: list
  elements: dict
"""

import ipaddress
import json
from collections import Counter

from ansible.errors import AnsibleFilterError

SUBNET_PREFIX = 24
KEYS = {"name", "address", "subnet", "peers"}  # of a record that is whole


def subnets(names, records, addresses, cluster_range):
    """Return the table of all hosts: what is recorded, and free subnets for the rest."""
    space = _read_range(cluster_range)
    known = [record for record in map(_parse, records) if record]
    reached = {**_collect(known, "address"), **addresses}
    members = sorted(name for name in names if name in reached)
    taken = _settle(members, known, space)
    used = set(taken.values())
    # The first subnet stays unused: its number 0 reads like the range itself.
    free = (net for net in list(space.subnets(new_prefix=SUBNET_PREFIX))[1:] if net not in used)
    for name in members:
        if name not in taken:
            taken[name] = next(free, None) or _refuse_full(cluster_range, len(members))
    return [
        {
            "name": name,
            "address": _read_address(name, reached[name]),
            "subnet": str(taken[name]),
            "gateway": str(taken[name][1]),
        }
        for name in members
    ]


def _parse(text):
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) and found.keys() >= KEYS else {}


def _read_range(text):
    try:
        space = ipaddress.IPv4Network(text)
    except ValueError as error:
        raise AnsibleFilterError(f"network_range: {error}; write it like 10.210.0.0/16") from error
    if space.prefixlen >= SUBNET_PREFIX:
        raise AnsibleFilterError(
            f"network_range: {text} is too small for subnets of 256 addresses; write a range of /23 or larger"
        )
    return space


def _read_address(name, text):
    try:
        return str(ipaddress.IPv4Address(text))
    except ValueError as error:
        raise AnsibleFilterError(
            f"{name}: {error}; set network_address for it in the inventory"
        ) from error


def _collect(records, key):
    """Return what each host says of itself or, for silent ones, what most of the others say."""
    hearsay = {}
    for record in records:
        for peer in record["peers"]:
            hearsay.setdefault(peer["name"], []).append(peer[key])
    said = {name: Counter(sorted(values)).most_common(1)[0][0] for name, values in hearsay.items()}
    return {**said, **{record["name"]: record[key] for record in records}}


def _settle(members, records, space):
    """Return the subnets that are given already, each to one host."""
    first_hand = {record["name"] for record in records}
    recorded = _collect(records, "subnet")
    owners = {}
    for name in sorted(
        set(members) & set(recorded), key=lambda name: (name not in first_hand, name)
    ):
        subnet = ipaddress.IPv4Network(recorded[name])
        if not subnet.subnet_of(space):
            raise AnsibleFilterError(
                f"network_range: {name} has {subnet}, which is not in {space}; set the range back, or remove "
                "/etc/orchestrate/network.json and the containers of the network from all hosts first"
            )
        if subnet not in owners:
            owners[subnet] = name
        elif name in first_hand:
            raise AnsibleFilterError(
                f"{owners[subnet]} and {name} both have the subnet {subnet}; remove "
                f"/etc/orchestrate/network.json and the containers of the network from one of them"
            )
    return {name: subnet for subnet, name in owners.items()}


def _refuse_full(cluster_range, count):
    raise AnsibleFilterError(
        f"network_range: {cluster_range} has no subnets for {count} hosts; a larger range has"
    )


class FilterModule:
    """Offer the filter to Ansible."""

    def filters(self):
        return {"subnets": subnets}
