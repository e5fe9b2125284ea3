# Copyright (c) orchestrate contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the node's network should be, and what the kernel, the firewall and the engine have of it.

Only reading happens here, apart from `run` and `ask_engine`, which `network` also uses to mend.
"""

import ipaddress
import json
import socket
import subprocess
import typing

RECORD = "/etc/orchestrate/network.json"
ENGINE = "/var/run/docker.sock"
FORWARDING = "/proc/sys/net/ipv4/ip_forward"
NETWORK, BRIDGE, VXLAN = "orchestrate", "orch0", "orch-vx"
TIMEOUT_S = 20
REFUSED, NOT_FOUND = 400, 404  # HTTP


class NetworkError(Exception):
    """Something that stops the work and that a person has to look at."""


class Peer(typing.NamedTuple):
    """A node as the others see it; gateway and hardware address follow from its subnet."""

    name: str
    address: str
    subnet: ipaddress.IPv4Network

    @property
    def gateway(self):
        return str(self.subnet[1])

    def mac(self, prefix):
        return ":".join([*prefix, *(f"{octet:02x}" for octet in self.subnet[1].packed)])


class Record(typing.NamedTuple):
    """The content of network.json: this node, its peers, and whether an engine's bridge belongs here."""

    own: Peer
    peers: tuple
    cluster: str
    bridged: bool
    mtu: int
    vxlan_id: int
    vxlan_port: int


class Seen(typing.NamedTuple):
    """What is there. `network` is {} when the engine lacks it, and None when no engine answers."""

    links: dict
    routes: frozenset
    neighbours: frozenset
    forwarding: frozenset
    forwards: bool
    rules: dict
    network: dict
    detached: tuple  # (container, its interface on the host) of those that the bridge has lost


def read_record(path):
    with open(path, encoding="utf-8") as file:
        found = json.load(file)
    peers = [
        Peer(peer["name"], peer["address"], ipaddress.IPv4Network(peer["subnet"]))
        for peer in found["peers"]
    ]
    return Record(
        own=next(peer for peer in peers if peer.name == found["name"]),
        peers=tuple(peer for peer in peers if peer.name != found["name"]),
        cluster=found["range"],
        bridged=found["bridge"],
        mtu=found["mtu"],
        vxlan_id=found["vxlan"]["id"],
        vxlan_port=found["vxlan"]["port"],
    )


def run(*command, text=None):
    line = " ".join(command)
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
    except FileNotFoundError:
        raise NetworkError(f"{command[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise NetworkError(f"`{line}` did not end within {TIMEOUT_S} s") from None
    if done.returncode:
        raise NetworkError(f"`{line}` failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def ask_engine(method, path, body=""):
    """Send one request; what the engine does not have is {}.

    In HTTP/1.0 the answer simply ends where the connection does.
    """
    request = (
        f"{method} {path} HTTP/1.0\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    with socket.socket(socket.AF_UNIX) as engine:
        engine.settimeout(TIMEOUT_S)
        engine.connect(ENGINE)
        engine.sendall(request.encode())
        answer = b"".join(iter(lambda: engine.recv(65536), b""))
    head, _, content = answer.partition(b"\r\n\r\n")
    status, found = int(head.split()[1]), json.loads(content or b"{}")
    if status >= REFUSED and status != NOT_FOUND:
        raise NetworkError(f"the engine refused {method} {path}: {found.get('message')}")
    return {} if status == NOT_FOUND else found


def list_entries(*command):
    try:
        return json.loads(run(*command) or "[]")
    except NetworkError as error:
        if "Cannot find device" in str(error):  # that the interface is missing is said once
            return []
        raise


def find_network():
    try:
        return ask_engine("GET", f"/networks/{NETWORK}")
    except OSError:
        return None


def find_detached(network, links):
    """Find the running containers of the network whose interface is no port of the bridge."""
    containers = (network or {}).get("Containers") or {}
    ports = [link for link in links.values() if link.get("master") == BRIDGE]
    if len(ports) >= len(containers):
        return
    loose = {link["ifindex"]: name for name, link in links.items() if "master" not in link}
    for identity, endpoint in sorted(containers.items()):
        pid = ask_engine("GET", f"/containers/{identity}/json").get("State", {}).get("Pid")
        if pid:
            inside = json.loads(run("nsenter", "-t", str(pid), "-n", "ip", "-j", "link", "show"))
            for link in inside:
                if link["address"] == endpoint["MacAddress"] and link.get("link_index") in loose:
                    yield endpoint["Name"], loose[link["link_index"]]


def list_rules(record):
    if not record.bridged:  # nothing is forwarded there, so no rule is needed
        return {}
    return {
        name: run("iptables", "-w", "-t", name, "-S").splitlines() for name in ("filter", "nat")
    }


def look(record):
    links = {link["ifname"]: link for link in json.loads(run("ip", "-j", "-d", "address", "show"))}
    routes = list_entries("ip", "-j", "-4", "route", "show", "dev", VXLAN)
    neighbours = list_entries("ip", "-j", "-4", "neigh", "show", "dev", VXLAN, "nud", "permanent")
    forwarding = list_entries("bridge", "-j", "fdb", "show", "dev", VXLAN)
    network = find_network() if record.bridged else None
    with open(FORWARDING, encoding="utf-8") as file:
        forwards = file.read().strip() == "1"
    return Seen(
        links=links,
        routes=frozenset((row["dst"], row.get("gateway"), row.get("prefsrc")) for row in routes),
        neighbours=frozenset((row["dst"], row["lladdr"]) for row in neighbours),
        forwarding=frozenset((row["mac"], row["dst"]) for row in forwarding if "dst" in row),
        forwards=forwards,
        rules=list_rules(record),
        network=network,
        detached=tuple(find_detached(network, links)),
    )
