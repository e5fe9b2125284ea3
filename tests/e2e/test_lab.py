"""A lab of one real node: it comes, it is a host like any other, it suffers, and it goes."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from orchestrate.lab.engine import find_engine
from orchestrate.lab.labels import LAB
from orchestrate.lab.nodes import find_node, state_of

pytestmark = pytest.mark.e2e

PATIENCE_S = 300


@dataclass(frozen=True, slots=True)
class Lab:
    """`orchestrate lab` as a person runs it, in a directory of its own."""

    name: str
    directory: Path

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "orchestrate", "lab", command, "--name", self.name]
        return subprocess.run(
            [*words, *arguments],
            cwd=self.directory,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )

    def do(self, command: str, *arguments: str) -> str:
        done = self.run(command, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def status(self) -> dict[str, Any]:
        (found,) = json.loads(self.do("status", "-o", "json"))
        return dict(found)

    def state(self) -> str:
        """Asked of the engine: a command takes a second, and there are many questions."""
        engine = find_engine()
        assert engine
        state = state_of(find_node(engine.client, self.name, "n1"))
        engine.client.close()
        return state


def answers(address: str) -> bool:
    """Whether sshd says hello."""
    try:
        with socket.create_connection((address, 22), timeout=2) as connection:
            return connection.recv(4) == b"SSH-"
    except OSError:
        return False


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab("e2e-lab", tmp_path_factory.mktemp("a directory"))
    lab.do("up", "--nodes", "1")
    yield lab
    lab.do("down")


@pytest.fixture(scope="module")
def address(lab: Lab) -> str:
    (node,) = lab.status()["nodes"]
    assert (node["name"], node["kind"], node["state"]) == ("n1", "full", "running")
    return str(node["address"])


def test_plain_ansible_reads_the_inventory(lab: Lab) -> None:
    ansible = shutil.which("ansible", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert ansible
    inventory = lab.directory / ".orchestrate/lab/e2e-lab/inventory.yml"

    done = subprocess.run(
        [ansible, "all", "-i", str(inventory), "-m", "ansible.builtin.setup"],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert '"ansible_service_mgr": "systemd"' in done.stdout


def test_up_again_changes_nothing(lab: Lab) -> None:
    boot = lab.do("ssh", "n1", "uptime -s; cat /etc/machine-id")

    lab.do("up")

    assert lab.do("ssh", "n1", "uptime -s; cat /etc/machine-id") == boot


def test_a_node_boots_in_full_and_reaches_the_registry(lab: Lab) -> None:
    assert lab.do("ssh", "n1", "systemctl is-system-running --wait") == "running\n"
    repositories = json.loads(lab.do("ssh", "n1", "curl -s http://registry.lab:5000/v2/_catalog"))
    assert repositories == {"repositories": ["counter-web", "httpd", "redis"]}


def test_a_node_dies_and_returns_as_itself(lab: Lab, address: str) -> None:
    identity = lab.do("ssh", "n1", "cat /etc/machine-id")

    lab.do("kill", "n1")
    assert lab.state() == "stopped"
    assert not answers(address)
    assert "n1 is stopped" in lab.run("partition", "n1").stderr

    lab.do("start", "n1")
    assert lab.state() == "running"
    assert answers(address)
    assert lab.do("ssh", "n1", "cat /etc/machine-id") == identity


def test_a_node_freezes_and_thaws(lab: Lab, address: str) -> None:
    lab.do("pause", "n1")
    assert lab.state() == "paused"
    assert not answers(address)

    lab.do("unpause", "n1")
    assert lab.state() == "running"
    assert answers(address)


def test_a_node_loses_its_network_and_finds_it_again(lab: Lab, address: str) -> None:
    routes = lab.do("ssh", "n1", "ip route; ip -brief address")

    lab.do("partition", "n1")
    assert lab.state() == "partitioned"
    assert not answers(address)

    lab.do("heal", "n1")
    assert lab.state() == "running"
    assert lab.do("ssh", "n1", "ip route; ip -brief address") == routes


def test_up_repairs_whatever_was_done_to_a_node(lab: Lab, address: str) -> None:
    lab.do("partition", "n1")
    lab.do("pause", "n1")

    lab.do("up")

    assert lab.state() == "running"
    assert answers(address)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("kill", "n7"), "has no node 'n7': it has n1"),
        (("up", "--bare"), "has full nodes, not bare ones"),
        (("up", "--nodes", "0"), "from 1 to 200 nodes"),
        (("ssh", "--name", "nowhere", "n1"), "there is no lab nowhere"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(lab: Lab, words: tuple[str, ...], message: str) -> None:
    done = lab.run(*words)

    assert done.returncode == 4
    assert message in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_down_leaves_nothing(tmp_path: Path) -> None:
    lab = Lab("e2e-gone", tmp_path)
    lab.do("up", "--nodes", "1", "--bare")
    subnet = lab.status()["subnet"]
    marks = (f"orch-lab{subnet.split('.')[2]}", subnet, *list_resources(lab.name))
    assert list_traces(marks)

    assert "Lab e2e-gone is gone" in lab.do("down")

    assert list_resources(lab.name) == []
    assert list_traces(marks) == []
    assert list(tmp_path.rglob("inventory.yml")) == []
    assert "There is no lab e2e-gone" in lab.do("down")


def list_resources(lab: str) -> list[str]:
    """The engine's names for what it has of a lab."""
    engine = find_engine()
    if engine is None:
        return []
    mark = {"label": f"{LAB}={lab}"}
    containers = engine.client.containers.list(all=True, filters=mark)
    volumes = engine.client.volumes.list(filters=mark)
    networks = engine.client.networks.list(filters=mark)
    engine.client.close()
    return [resource.id for resource in (*containers, *volumes, *networks)]


def list_traces(marks: tuple[str, ...]) -> list[str]:
    """What this machine's kernel has of a lab: interfaces, rules, control groups, processes."""
    interfaces = [name for _, name in socket.if_nameindex()]
    groups = [str(path) for path in Path("/sys/fs/cgroup").glob("**/docker/*/")]
    processes = subprocess.check_output(["ps", "-eo", "args"], text=True).splitlines()
    found = (*interfaces, *list_rules(), *groups, *processes)
    return [trace for trace in found if any(mark in trace for mark in marks)]


def list_rules() -> list[str]:
    """All rules; none where reading them takes more rights than we have."""
    tool = shutil.which("iptables-save", path=f"/usr/sbin:{os.environ['PATH']}")
    if tool is None:
        return []
    return subprocess.run([tool], capture_output=True, text=True, check=False).stdout.splitlines()
