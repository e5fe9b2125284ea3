# Copyright (c) orchestrate contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the node's network differs from its record, in words, and the commands that mend it.

Nothing is read or changed here: a record and a look at the node go in, faults come out.
"""

import json
import typing

from node_network import BRIDGE, FORWARDING, NETWORK, VXLAN

CHAIN = "ORCHESTRATE"
VXLAN_OVERHEAD = 50  # bytes of the outer Ethernet, IPv4, UDP and VXLAN headers


class Fault(typing.NamedTuple):
    """One difference: the sentence that names it, and the commands that mend it."""

    problem: str
    steps: list


class Table(typing.NamedTuple):
    """One of the three tables that hold an entry for each peer, and the commands to change it."""

    noun: str
    found: frozenset
    entry: typing.Callable
    add: typing.Callable
    drop: typing.Callable


def compare(record, seen):
    """List every difference, in an order in which mending one after the other works."""
    faults = []
    if record.bridged:
        faults += [*compare_bridge(record, seen), *compare_network(record, seen)]
        faults += compare_rules(record, seen)
    faults += compare_device(record, seen)
    for table in peer_tables(record, seen) if VXLAN in seen.links else ():
        faults += compare_table(table, record.peers)
    return faults


def find_mtu(record, seen):
    carriers = [link for link in seen.links.values() if record.own.address in addresses(link)]
    return record.mtu or (carriers[0]["mtu"] if carriers else 1500) - VXLAN_OVERHEAD


def addresses(link):
    return {entry.get("local") for entry in link.get("addr_info", [])}


def compare_link(link, address):
    name = link["ifname"]
    if "UP" not in link["flags"]:
        yield Fault(f"interface {name} is down", [("ip", "link", "set", name, "up")])
    if address and address.split("/")[0] not in addresses(link):
        step = ("ip", "address", "add", address, "dev", name)
        yield Fault(f"address {address} is missing on {name}", [step])


def compare_bridge(record, seen):
    if not seen.forwards:
        yield Fault("forwarding of IPv4 packets is off", [("write", FORWARDING, "1")])
    gateway = f"{record.own.gateway}/{record.own.subnet.prefixlen}"
    if BRIDGE in seen.links:
        yield from compare_link(seen.links[BRIDGE], gateway)
    else:
        # The hardware address is the same each time, since containers still know the old bridge's.
        named = ("ip", "link", "add", BRIDGE, "address", record.own.mac(("0a", "6e")))
        steps = [
            (*named, "mtu", str(find_mtu(record, seen)), "type", "bridge"),
            ("ip", "address", "add", gateway, "dev", BRIDGE),
            ("ip", "link", "set", BRIDGE, "up"),
        ]
        yield Fault(f"bridge {BRIDGE} is missing", steps)
    for container, port in seen.detached:
        step = ("ip", "link", "set", port, "master", BRIDGE, "up")
        yield Fault(f"container {container} is cut off from bridge {BRIDGE}", [step])


def wanted_network(record, seen):
    # The engine picks addresses from the last few only; replicas get theirs from the rest.
    spare = list(record.own.subnet.subnets(new_prefix=28))[-1]
    address_range = {"Subnet": str(record.own.subnet), "Gateway": record.own.gateway}
    return {
        "Name": NETWORK,
        "CheckDuplicate": True,
        "Driver": "bridge",
        "IPAM": {"Config": [{**address_range, "IPRange": str(spare)}]},
        "Options": {
            "com.docker.network.bridge.name": BRIDGE,
            # Our own rule masquerades; the engine's would also do so towards the peers.
            "com.docker.network.bridge.enable_ip_masquerade": "false",
            # Engine 28 and later drop what comes from other interfaces; older ones ignore this.
            "com.docker.network.bridge.trusted_host_interfaces": VXLAN,
            "com.docker.network.driver.mtu": str(find_mtu(record, seen)),
        },
    }


def compare_network(record, seen):
    if seen.network is None:  # that the engine does not answer is another one's to say
        return
    wanted = wanted_network(record, seen)
    create = ("engine", "POST", "/networks/create", json.dumps(wanted))
    remove = ("engine", "DELETE", f"/networks/{NETWORK}", "")
    [addresses_wanted] = wanted["IPAM"]["Config"]
    if not seen.network:
        yield Fault(f"network {NETWORK} is missing in the engine", [create])
    elif not any(
        addresses_wanted.items() <= each.items() for each in seen.network["IPAM"]["Config"]
    ):
        problem = f"network {NETWORK} of the engine has other addresses than {record.own.subnet}"
        yield Fault(problem, [remove, create])


def wanted_rules(record, seen):
    """Say for each table which chain leads to ours, and our rules as `iptables -S` prints them."""
    inside = f"-A {CHAIN} -s {record.cluster} -d {record.cluster}"
    # Of the chains before the engine's own rules, DOCKER-USER is the one that it leaves alone.
    parent = "DOCKER-USER" if "-N DOCKER-USER" in seen.rules["filter"] else "FORWARD"
    ways = ((VXLAN, BRIDGE), (BRIDGE, VXLAN))
    yield "filter", parent, [f"{inside} -i {one} -o {other} -j ACCEPT" for one, other in ways]
    leaving = f"-A {CHAIN} -s {record.own.subnet} ! -d {record.cluster} ! -o {BRIDGE}"
    yield "nat", "POSTROUTING", [f"{leaving} -j MASQUERADE"]


def compare_rules(record, seen):
    for table, parent, wanted in wanted_rules(record, seen):
        command, found = ("iptables", "-w", "-t", table), seen.rules[table]
        if f"-N {CHAIN}" not in found:
            yield Fault(f"firewall chain {CHAIN} is missing ({table})", [(*command, "-N", CHAIN)])
        for rule in (rule for rule in wanted if rule not in found):
            step = (*command, *rule.split())
            yield Fault(f"firewall rule `{rule}` is missing ({table})", [step])
        for rule in found:
            if rule.startswith(f"-A {CHAIN} ") and rule not in wanted:
                step = (*command, "-D", *rule.split()[1:])
                yield Fault(f"firewall rule `{rule}` does not belong here ({table})", [step])
        if f"-A {parent} -j {CHAIN}" not in found:
            step = (*command, "-I", parent, "1", "-j", CHAIN)
            yield Fault(f"firewall chain {parent} does not lead to {CHAIN} ({table})", [step])


def compare_device(record, seen):
    link, own = seen.links.get(VXLAN), record.own
    mac, mtu = own.mac(("0a", "6f")), find_mtu(record, seen)
    wanted = {"id": record.vxlan_id, "local": own.address, "port": record.vxlan_port}
    named = ("ip", "link", "add", VXLAN, "address", mac, "mtu", str(mtu), "type", "vxlan")
    placed = ("id", str(record.vxlan_id), "local", own.address, "dstport", str(record.vxlan_port))
    create = [
        (*named, *placed, "nolearning"),
        ("ip", "link", "set", VXLAN, "addrgenmode", "none", "up"),
    ]
    if not link:
        yield Fault(f"interface {VXLAN} is missing", create)
        return
    data = link["linkinfo"].get("info_data", {})
    found = {key: data.get(key) for key in wanted}
    if (found, link["address"], link["mtu"]) != (wanted, mac, mtu):
        remove = ("ip", "link", "delete", VXLAN)
        yield Fault(f"interface {VXLAN} is not as the record says", [remove, *create])
        return
    yield from compare_link(link, "" if record.bridged else f"{own.gateway}/32")


def peer_tables(record, seen):
    def route(peer):
        return str(peer.subnet), peer.gateway, record.own.gateway

    def add_route(subnet, gateway, source):
        return ("ip", "route", "replace", subnet, "via", gateway, *device, "onlink", "src", source)

    device, permanent = ("dev", VXLAN), ("self", "permanent")
    return (
        Table(
            "route to",
            seen.routes,
            route,
            add_route,
            lambda subnet, _gateway, _source: ("ip", "route", "delete", subnet, *device),
        ),
        Table(
            "neighbour entry for",
            seen.neighbours,
            lambda peer: (peer.gateway, peer.mac(("0a", "6f"))),
            lambda gateway, mac: ("ip", "neigh", "replace", gateway, "lladdr", mac, *device),
            lambda gateway, _mac: ("ip", "neigh", "delete", gateway, *device),
        ),
        Table(
            "forwarding entry for",
            seen.forwarding,
            lambda peer: (peer.mac(("0a", "6f")), peer.address),
            lambda mac, dst: ("bridge", "fdb", "append", mac, *device, "dst", dst, *permanent),
            lambda mac, dst: ("bridge", "fdb", "delete", mac, *device, "dst", dst, "self"),
        ),
    )


def compare_table(table, peers):
    wanted = {table.entry(peer): peer for peer in peers}
    for entry in sorted(table.found - wanted.keys(), key=str):
        yield Fault(f"{table.noun} {entry[0]} belongs to no peer", [table.drop(*entry)])
    for entry, peer in wanted.items():
        if entry not in table.found:
            problem = f"{table.noun} {peer.subnet} ({peer.name}) is missing"
            yield Fault(problem, [table.add(*entry)])
