"""The program that holds a node in the network, with a real kernel, in a network namespace of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.collection import ROLES

PROGRAM = ROLES / "network/files/network"
PEERS = [
    {"name": "n1", "address": "192.0.2.1", "subnet": "198.19.1.0/24"},
    {"name": "n2", "address": "192.0.2.2", "subnet": "198.19.2.0/24"},
    {"name": "n3", "address": "192.0.2.3", "subnet": "198.19.3.0/24"},
]
RECORD = {
    "name": "n1",
    "range": "198.19.0.0/16",
    "bridge": True,
    "mtu": 0,
    "vxlan": {"id": 210, "port": 4789},
    "peers": PEERS,
}
MISSING = [tool for tool in ("ip", "bridge", "iptables") if not shutil.which(tool)]
pytestmark = [
    pytest.mark.contract,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root makes network namespaces"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {MISSING}"),
]


@dataclass(frozen=True)
class Node:
    """A network namespace that stands for a machine. Its /run is empty, so no engine answers."""

    namespace: str
    record: Path

    def run(self, *command: str) -> str:
        alone = ("sh", "-c", 'mount -t tmpfs none /run && exec "$@"', "sh")
        done = subprocess.run(
            ["ip", "netns", "exec", self.namespace, *alone, *command],
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout

    def ask(self, verb: str) -> dict[str, Any]:
        answer = json.loads(self.run("python3", "-ES", str(PROGRAM), verb, str(self.record)))
        return dict(answer)

    def write(self, **changes: Any) -> None:
        self.record.write_text(json.dumps({**RECORD, **changes}), encoding="utf-8")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    name = f"orchestrate-{os.getpid()}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        made = Node(name, tmp_path / "network.json")
        made.write()
        made.run("ip", "link", "set", "lo", "up")
        made.run("ip", "link", "add", "eth0", "mtu", "1400", "type", "bridge")
        made.run("ip", "address", "add", "192.0.2.1/24", "dev", "eth0")
        made.run("ip", "link", "set", "eth0", "up")
        yield made
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=True)


def test_a_second_time_nothing_is_left_to_do(node: Node) -> None:
    assert node.ask("apply")["mended"]

    assert node.ask("apply")["mended"] == []
    assert node.ask("check")["state"] == "ok"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("ip route delete 198.19.2.0/24 dev orch-vx", id="route"),
        pytest.param("ip neigh delete 198.19.2.1 dev orch-vx", id="neighbour"),
        pytest.param(
            "bridge fdb delete 0a:6f:c6:13:02:01 dev orch-vx dst 192.0.2.2", id="forwarding"
        ),
        pytest.param("ip link delete orch-vx", id="device"),
        pytest.param("ip link delete orch0", id="bridge"),
        pytest.param("ip link set orch0 down", id="down"),
        pytest.param("ip address flush dev orch0", id="address"),
        pytest.param("iptables -t filter -D FORWARD -j ORCHESTRATE", id="jump"),
        pytest.param("iptables -t nat -F ORCHESTRATE", id="rules"),
        pytest.param("ip link set orch-vx mtu 1200", id="mtu"),
        pytest.param("ip route add 198.19.9.0/24 dev orch-vx", id="foreign-route"),
    ],
)
def test_damage_is_seen_and_mended(node: Node, damage: str) -> None:
    node.ask("apply")

    node.run(*damage.split())

    found = node.ask("check")
    assert found["state"] == "drifted"
    mended = node.ask("apply")["mended"]
    assert set(found["problems"]) <= set(mended)
    assert node.ask("check") == {**found, "state": "ok", "problems": []}


def test_a_peer_that_left_leaves_nothing_behind(node: Node) -> None:
    node.ask("apply")
    node.write(peers=PEERS[:2])

    node.ask("apply")

    left = node.run("ip", "route") + node.run("ip", "neigh") + node.run("bridge", "fdb")
    assert "198.19.2.0/24" in left
    assert "198.19.3." not in left
    assert "192.0.2.3" not in left


def test_the_way_to_a_peer_is_through_the_device_and_from_the_gateway(node: Node) -> None:
    node.ask("apply")

    way = node.run("ip", "route", "get", "198.19.2.77")

    assert "via 198.19.2.1 dev orch-vx src 198.19.1.1" in way
    assert "mtu 1350" in node.run("ip", "link", "show", "orch-vx")


def test_a_proxy_without_an_engine_has_no_bridge_and_no_rules(node: Node) -> None:
    node.write(bridge=False)

    node.ask("apply")

    assert "orch0" not in node.run("ip", "link")
    assert "ORCHESTRATE" not in node.run("iptables", "-S")
    assert "198.19.1.1/32" in node.run("ip", "address", "show", "orch-vx")
    assert node.ask("check")["state"] == "ok"


def test_a_host_that_was_never_provisioned_is_not_broken(node: Node) -> None:
    node.record.unlink()

    found = node.ask("check")

    assert found["state"] == "absent"
    assert "orchestrate provision" in found["problems"][0]


def test_a_damaged_record_is_named(node: Node) -> None:
    node.record.write_text('{"name": "n1"}', encoding="utf-8")

    found = node.ask("check")

    assert found["state"] == "drifted"
    assert f"{node.record} is damaged" in found["problems"][0]
