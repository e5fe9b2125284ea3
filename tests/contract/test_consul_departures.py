"""Nodes that leave Consul, by their own agent or because they are dead; and what the journal keeps of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from orchestrate.adapters.consul.access import Access
from orchestrate.adapters.consul.catalogue import ConsulCatalogue
from orchestrate.adapters.consul.store import ConsulStore
from orchestrate.lab.consul_binary import ensure_consul_binary
from orchestrate.model.journal import NodeRecord
from tests.contract.modules.conftest import Silence
from tests.contract.modules.consul_agent import free_ports
from tests.until import until

pytestmark = pytest.mark.contract
QUICK = {"probe_interval": "100ms", "probe_timeout": "100ms", "suspicion_mult": 1}


@dataclass(slots=True)
class Server:
    """One of three, on a loopback address of its own."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        url = f"http://127.0.0.1:{self.port}/v1/{path}"
        answer = requests.request(method, url, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.text else None

    def has_leader(self) -> bool:
        try:
            return bool(self.ask("GET", "status/leader"))
        except requests.RequestException:
            return False


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[Server]]:
    binary = ensure_consul_binary(Silence()).path
    found = [started(binary, tmp_path / name, name, free_ports(4)) for name in ("n1", "n2", "n3")]
    try:
        for one in found:
            until(one.has_leader, f"{one.name} knows a leader", within_s=60)
        yield found
    finally:
        for one in found:
            one.process.kill()
            one.process.wait()


def started(binary: Path, directory: Path, name: str, ports: list[int]) -> Server:
    directory.mkdir()
    http, rpc, gossip, _ = ports
    first = directory.parent / "first"
    first.exists() or first.write_text(str(gossip))
    configuration = {
        "node_name": name,
        "server": True,
        "bootstrap_expect": 3,
        "bind_addr": "127.0.0.1",
        "data_dir": str(directory / "data"),
        "ports": {"http": http, "server": rpc, "serf_lan": gossip, "serf_wan": -1, "dns": -1},
        "retry_join": [f"127.0.0.1:{first.read_text()}"],
        "retry_interval": "1s",
        "gossip_lan": QUICK,
        "performance": {"raft_multiplier": 1},
        "autopilot": {"cleanup_dead_servers": False},
        "disable_update_check": True,
    }
    (directory / "agent.json").write_text(json.dumps(configuration))
    with (directory / "log").open("wb") as log:
        command = [str(binary), "agent", f"-config-file={directory / 'agent.json'}"]
        return Server(name, http, subprocess.Popen(command, stdout=log, stderr=log))


def split(servers: list[Server]) -> tuple[Server, Server, Server]:
    """The leader, and the two others."""
    leader = str(servers[0].ask("GET", "status/leader"))
    nodes = servers[0].ask("GET", "operator/raft/configuration")["Servers"]
    name = next(one["Node"] for one in nodes if one["Address"] == leader)
    first = next(one for one in servers if one.name == name)
    second, third = (one for one in servers if one is not first)
    return first, second, third


def test_servers_that_die_and_that_leave(servers: list[Server]) -> None:
    leader, staying, dead = split(servers)
    access = Access(host="127.0.0.1", port=staying.port)
    catalogue = ConsulCatalogue(access=access)
    replica = {"ID": "shop-web-1", "Name": "shop--web", "Meta": {"slot": "1"}}
    dead.ask("PUT", "agent/service/register", replica)
    until(lambda: catalogue.remembered([dead.name])[dead.name].registrations, "it is listed")
    assert catalogue.servers() == dict.fromkeys(("n1", "n2", "n3"), True)

    dead.process.kill()
    until(lambda: not catalogue.remembered([dead.name])[dead.name].is_alive, "it is missed")
    assert catalogue.servers()[dead.name] is False
    for _ in range(2):
        catalogue.remove_node(dead.name)

    assert catalogue.servers() == {leader.name: True, staying.name: True}
    assert catalogue.remembered([dead.name])[dead.name].registrations == ()
    assert dead.name not in {one["Node"] for one in staying.ask("GET", "catalog/nodes")}

    leader.ask("PUT", "agent/leave")  # as the role's `retire` does
    leader.process.wait(30)
    catalogue.remove_node(leader.name)

    assert catalogue.servers() == {staying.name: True}
    assert {one["Node"] for one in staying.ask("GET", "catalog/nodes")} == {staying.name}

    store = ConsulStore(access=access)
    record = NodeRecord(availability="forgotten", way={"ansible_port": 22}, runs_containers=False)
    store.save_nodes({"n9": record})
    read = store.read().nodes["n9"]
    assert (read.availability, read.way, read.runs_containers) == (
        "forgotten",
        {"ansible_port": 22},
        False,
    )
    for _ in range(2):
        store.forget_node("n9")
    assert store.read().nodes == {}
