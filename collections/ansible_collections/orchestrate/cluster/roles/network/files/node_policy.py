# Copyright (c) orchestrate contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Who may reach whom on this node, as /etc/orchestrate/policy.json says: one table of nftables.

A replica accepts what begins at a node (checks, proxies) or at a member of a network that it is in; the
other nodes keep the same rule for theirs. What the kernel shows after loading is kept beside the record,
so that a table that was changed by hand is known again. A record that cannot be read lets nobody in.
"""

import hashlib
import ipaddress
import json
import os
import re
import typing

from network_faults import Fault
from node_network import BRIDGE, VXLAN, NetworkError, run

TABLE = ("inet", "orchestrate")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")
# Without these the kernel passes packets between two ports of a bridge by, past every rule.
SWITCHES = (
    "/proc/sys/net/bridge/bridge-nf-call-iptables",
    "/proc/sys/net/bridge/bridge-nf-call-ip6tables",
)


class Policy(typing.NamedTuple):
    """`networks`: name -> addresses of its members; `confined`: those here that have no way out."""

    networks: dict
    confined: tuple


class Enforced(typing.NamedTuple):
    """What is there. `shown` is the kernel's table, `kept` what it was after it was last loaded."""

    missing: tuple
    off: tuple
    shown: str
    kept: str


def read_policy(directory):
    try:
        with open(os.path.join(directory, "policy.json"), encoding="utf-8") as file:
            found = json.load(file)
        networks = {_name(name): _addresses(found["networks"][name]) for name in found["networks"]}
        return Policy(networks, _addresses(found["confined"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Policy({}, ())


def _name(text):
    if not NAME.fullmatch(text):
        raise ValueError(text)
    return text


def _addresses(texts):
    return tuple(sorted(str(ipaddress.IPv4Address(text)) for text in texts))


def look_at_policy(directory):
    return Enforced(
        missing=tuple(path for path in SWITCHES if not os.path.exists(path)),
        off=tuple(path for path in SWITCHES if _read(path).strip() == "0"),
        shown=_list_table(),
        kept=_read(_kept(directory)),
    )


def compare_policy(record, policy, seen, directory):
    """List what keeps the policy from being enforced; the last fault is that it is not loaded."""
    for path in seen.missing:
        step = ("modprobe", "br_netfilter")
        yield Fault(f"the kernel filters nothing between replicas here: {path} is missing", [step])
    for path in seen.off:
        problem = f"what replicas here send each other is not filtered: {path} is off"
        yield Fault(problem, [("write", path, "1")])
    text = render(record, policy)
    if seen.kept != _stamp(text) + seen.shown or not seen.shown:
        problem = "the firewall's table orchestrate, which parts the networks, is not as recorded"
        yield Fault(problem, [("load", text, directory)])


def load(text, directory):
    """Put the table in the place of the old one, in one transaction."""
    run("nft", "-f", "-", text=text)
    aside = _kept(directory) + ".new"
    with open(aside, "w", encoding="utf-8") as file:
        file.write(_stamp(text) + _list_table())
    os.replace(aside, _kept(directory))


def render(record, policy):
    family, table = TABLE
    gateways = [record.own.gateway, *(peer.gateway for peer in record.peers)]
    sets = {"nodes": gateways, "confined": policy.confined}
    sets.update({f"net_{name}": policy.networks[name] for name in sorted(policy.networks)})
    parts = [*(_set(name, members) for name, members in sets.items()), *_chains(record, policy)]
    body = "\n".join(parts)
    # Deleting needs the table to be there; making it twice is no error.
    return f"table {family} {table}\ndelete table {family} {table}\ntable {family} {table} {{\n{body}\n}}\n"


def _set(name, members):
    elements = f" elements = {{ {', '.join(sorted(members))} }};" if members else ""
    return f"  set {name} {{ type ipv4_addr;{elements} }}"


def _chains(record, policy):
    confined, range_ = "ip saddr @confined", record.cluster
    yield _chain(
        "shared",
        "ip saddr @nodes accept",
        *(f"ip saddr @net_{name} ip daddr @net_{name} accept" for name in sorted(policy.networks)),
        "drop",
    )
    yield _chain(
        "forward",
        "type filter hook forward priority -1; policy accept;",
        f'meta nfproto ipv6 iifname "{BRIDGE}" drop',
        "ct state established,related accept",
        f"{confined} ip daddr != {range_} drop",
        f"{confined} ip daddr @nodes drop",
        f'iifname "{BRIDGE}" oifname "{BRIDGE}" jump shared',
        f'iifname "{VXLAN}" oifname "{BRIDGE}" jump shared',
    )
    yield _chain(
        "input",
        "type filter hook input priority -1; policy accept;",
        f'meta nfproto ipv6 iifname "{BRIDGE}" drop',
        "ct state established,related accept",
        *(
            f"{confined} ip daddr {record.own.gateway} {protocol} dport 53 accept"
            for protocol in ("udp", "tcp")
        ),
        f"{confined} drop",
    )


def _chain(name, *rules):
    lines = "\n".join(f"    {rule}" for rule in rules)
    return f"  chain {name} {{\n{lines}\n  }}"


def _list_table():
    try:
        return run("nft", "list", "table", *TABLE)
    except NetworkError as error:
        if "No such file or directory" in str(error):
            return ""
        raise


def _stamp(text):
    return f"# loaded from {hashlib.sha256(text.encode()).hexdigest()}\n"


def _kept(directory):
    return os.path.join(directory, "policy.nft")


def _read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""
