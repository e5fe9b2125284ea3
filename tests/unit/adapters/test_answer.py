"""A node's answer -> what was observed of it. Whatever it says, nothing ends in a traceback."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from orchestrate.adapters.ansible.answer import observed_node, silent_node
from orchestrate.model.desired import Desired
from orchestrate.model.network import Policy
from orchestrate.model.node import Node, NodeResources
from orchestrate.model.observed.answer import Answer
from orchestrate.model.observed.node import ObservedNode
from orchestrate.planner.reconcile import reconcile
from tests.builders import (
    file,
    files_of,
    given,
    mounted,
    observed,
    project,
    published,
    replica,
    service,
)

NODE, OTHER = (
    Node(name="n1", proxies=True, resources=NodeResources(capacity={"gpu": 2})),
    Node(name="n2"),
)
GPU = {"driver": "", "count": 1, "device_ids": [], "capabilities": ["gpu"], "options": {}}
WEB = service(
    replicas=2,
    files=given(file()),
    ports=published(80),
    mounts=mounted(),
    expose=(80,),
    attributes={"device_requests": [GPU]},
)
WANTED = replica(WEB)


SOUND: dict[str, Any] = {
    "now": 1_800_000_000.5,
    "hostname": "n1",
    "platform": {"os": "linux", "arch": "amd64"},
    "capacity": {"cpus": 2, "memory": 1 << 30},
    "engine": {"state": "running", "version": "20.10", "labels": {"disk": "ssd"}, "detail": ""},
    "containers": [
        {
            "id": "abc",
            "name": WANTED.name,
            "image_id": "sha256:1",
            "state": "running",
            "exit_code": 0,
            "created_at": "2026-01-01T00:00:00Z",
            "started_at": "2026-01-01T00:00:00Z",
            "restart_count": 0,
            "health": "none",
            "address": "10.210.0.9",
            "files": files_of(WANTED),
            "config": dict(WANTED.config),
        }
    ],
    "images": {
        "sha256:1": {
            "command": ["serve"],
            "entrypoint": None,
            "environment": {"PATH": "/bin"},
            "labels": {},
            "user": "",
            "healthcheck": None,
            "expose": [80],
            "volumes": ["/cache"],
        }
    },
    "tags": [WEB.image],
    "digests": {},
    "volumes": [{"name": "counter_data", "labels": {"com.docker.compose.project": "counter"}}],
    "published": [{"published": 80, "protocol": "tcp", "host_ip": ""}],
    "network": {
        "state": "ok",
        "problems": [],
        "subnet": "10.210.0.0/24",
        "gateway": "10.210.0.1",
        "policy": {"networks": {"counter_default": ["10.210.0.9"]}, "confined": []},
    },
    "addresses": ["10.210.0.9"],
    "foreign": {"memory": 1 << 20, "cpus": 0.5, "pids": 0},
    "consul": {
        "state": "running",
        "leader": "10.0.0.1:8300",
        "services": [
            {
                "id": WANTED.name,
                "service": "counter--web",
                "address": "10.210.0.9",
                "port": 80,
                "meta": {"project": "counter", "service": "web", "slot": "1"},
                "status": "passing",
                "output": "",
                "file": True,
            }
        ],
    },
    "proxy": {
        "state": "running",
        "routes": "abc",
        "problems": [],
        "bind": {"address": "*", "port": 80},
        "listening": [{"address": "0.0.0.0", "port": 22}, {"address": "127.0.0.1", "port": 8500}],
        "addresses": ["127.0.0.1", "192.0.2.1"],
    },
}
"""What `node_info` says of a node with one replica that is as desired."""


def answer() -> dict[str, Any]:
    return copy.deepcopy(SOUND)


def test_a_sound_answer_is_read() -> None:
    found = observed_node(NODE, answer())

    assert found.is_readable
    assert found.answer.now == 1_800_000_000.5
    assert (
        found.capacity.cpus,
        found.capacity.memory,
        found.network.gateway,
        found.proxy.routes,
    ) == (
        2,
        1 << 30,
        "10.210.0.1",
        "abc",
    )
    assert (found.engine.version, found.engine.labels) == ("20.10", {"disk": "ssd"})
    assert found.network.subnet == "10.210.0.0/24"
    assert found.network.addresses == {"10.210.0.9"}
    assert found.network.policy == Policy(networks={"counter_default": ("10.210.0.9",)})
    assert found.engine.volumes == {"counter_data": "counter"}
    assert (found.proxy.request_address, found.proxy.request_port) == ("", 80)
    assert found.proxy.listening == {("", 22), ("127.0.0.1", 8500)}
    assert found.proxy.own_addresses == {"127.0.0.1", "192.0.2.1"}
    assert found.capacity.foreign == {"memory": 1 << 20, "cpus": 0.5, "pids": 0}
    assert found.engine.published == {(80, "tcp")}
    assert [one.slot for one in found.engine.containers] == [1]
    assert [one.slot for one in found.consul.registrations] == [1]


def test_what_the_file_says_is_what_is_seen() -> None:
    said = answer()
    said["containers"][0]["config"]["command"] = ["serve"]
    said["containers"][0]["config"]["environment"] = {"PATH": "/bin"}
    own: dict[str, Any] = {
        "ports": WEB.network.ports,
        "mounts": WEB.storage.mounts,
        "expose": WEB.network.expose,
    }
    own["attributes"] = WEB.container.attributes
    wanted = project(service(name="web", files=WEB.storage.files, **own))

    plan = reconcile(Desired(projects=(wanted,)), observed(observed_node(Node(name="n1"), said)))

    assert (plan.steps, plan.unmet) == ((), ())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("capacity.memory", "much", id="memory"),
        pytest.param("capacity.memory", float("inf"), id="endless-memory"),
        pytest.param("capacity", None, id="no-capacity"),
        pytest.param("engine.state", ["running"], id="state-as-list"),
        pytest.param("addresses", None, id="no-addresses"),
        pytest.param("foreign", [1], id="foreign-as-list"),
        pytest.param("foreign.memory", "much", id="foreign-memory"),
        pytest.param("network.subnet", "10.210.0.9/24", id="no-subnet"),
        pytest.param("network.policy", [], id="policy-as-list"),
        pytest.param("network.policy.confined", ["db"], id="name-for-an-address"),
        pytest.param("engine.state", "asleep", id="unknown-state"),
        pytest.param("engine.labels", ["disk=ssd"], id="engine-labels-as-list"),
        pytest.param("containers", {}, id="containers-as-mapping"),
        pytest.param("containers.0", "web", id="container-as-text"),
        pytest.param("containers.0.health", {}, id="health-as-mapping"),
        pytest.param("containers.0.config", [], id="config-as-list"),
        pytest.param("containers.0.config.labels", None, id="no-labels"),
        pytest.param("containers.0.config.mounts", ["/srv"], id="mount-as-text"),
        pytest.param("containers.0.config.mounts", [{"type": "bind"}], id="mount-without-target"),
        pytest.param("containers.0.config.ports", [{"published": None}], id="port"),
        pytest.param("containers.0.config.device_requests", {}, id="devices-as-mapping"),
        pytest.param("containers.0.config.device_requests", [{"count": 1}], id="device"),
        pytest.param("containers.0.config.device_requests.0.count", "all", id="number-of-devices"),
        pytest.param("containers.0.config.stop_grace_s", "soon", id="grace"),
        pytest.param("containers.0.config.pids", None, id="no-number-of-processes"),
        pytest.param("containers.0.config.restart", ["always"], id="restart-as-list"),
        pytest.param("containers.0.config.mac_address", {}, id="hardware-address-as-mapping"),
        pytest.param("now", "noon", id="clock"),
        pytest.param("images.sha256:1.expose", ["http"], id="image-port"),
        pytest.param("images.sha256:1.environment", ["A=1"], id="image-environment"),
        pytest.param("consul.services.0.status", "fine", id="unknown-status"),
        pytest.param("consul.services.0.port", "http", id="service-port"),
        pytest.param("network.problems", "no route", id="problems-as-text"),
        pytest.param("volumes.0.labels", [], id="volume-labels"),
    ],
)
def test_an_answer_that_makes_no_sense_is_none(path: str, value: Any) -> None:
    """And a node that does not answer is unknown, never empty."""
    said = answer()
    put(said, path.split("."), value)

    found = observed_node(NODE, said)

    assert not found.answered
    assert found.answer.detail.startswith(f"its answer makes no sense: {path}")


@pytest.mark.parametrize(
    ("path", "value", "detail"),
    [
        pytest.param("consul.services.0.port", "http", "expected a number, got 'http'", id="word"),
        pytest.param("containers.0.config.labels", [], "expected a mapping, got a list", id="kind"),
        pytest.param("containers.0.image_id", None, "expected a text, got None", id="nothing"),
        pytest.param(
            "network.policy.confined.0",
            "db",
            "Expected 4 octets in 'db'",
            id="address",
        ),
    ],
)
def test_what_is_wrong_with_an_answer_is_named(path: str, value: Any, detail: str) -> None:
    said = answer()
    said["network"]["policy"]["confined"] = ["10.210.0.9"]
    put(said, path.split("."), value)

    assert observed_node(NODE, said).answer.detail == (
        f"its answer makes no sense: {path}: {detail}"
    )


def test_what_is_missing_in_an_answer_is_named() -> None:
    said = answer()
    del said["containers"][0]["config"]["mounts"]

    assert observed_node(NODE, said).answer.detail == (
        "its answer makes no sense: containers.0.config.mounts: is missing"
    )


def test_silence_is_never_a_sound_node() -> None:
    silent = silent_node(NODE, "timed out")
    parts = (silent.engine, silent.network, silent.consul, silent.proxy)

    assert not silent.answered
    assert not silent.is_readable
    assert not any(part.is_sound for part in parts)
    assert (silent.capacity.cpus, silent.capacity.memory) == (0, 0)


def put(said: Any, path: list[str], value: Any) -> None:
    for key in path[:-1]:
        said = said[int(key) if isinstance(said, list) else key]
    said[int(path[-1]) if isinstance(said, list) else path[-1]] = value


def test_silence_has_its_reason() -> None:
    assert silent_node(NODE, "timed out") == ObservedNode(
        node=NODE, answer=Answer(detail="timed out")
    )


def places(said: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to everything in it."""
    inner = (
        said.items()
        if isinstance(said, dict)
        else enumerate(said)
        if isinstance(said, list)
        else ()
    )
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]
