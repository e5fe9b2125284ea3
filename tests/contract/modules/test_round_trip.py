"""What is wanted of a container reads back as wanted: no field differs, whatever the image brings.

The planner's own comparison is the judge, so that an engine, the module that asks it and the planner
cannot drift apart unseen.
"""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.planner.containers.compare import differences
from tests.contract.modules.site import LABELS, PROJECT, Site

pytestmark = pytest.mark.contract

VOLUME = f"{PROJECT}-data"
EMPTY: dict[str, Any] = {
    "command": None,
    "entrypoint": None,
    "environment": {},
    "labels": LABELS,
    "user": "",
    "mounts": [],
    "ports": [],
    "expose": [],
    "healthcheck": None,
    "memory": 0,
    "memory_reservation": 0,
    "cpus": 0,
    "pids": 0,
    "stop_grace_s": 10,
    "restart": "unless-stopped",
    "dns": [],
    "dns_search": [],
    "dns_options": [],
}
PROBE = {
    "test": ["CMD", "true"],
    "interval_s": 1.5,
    "timeout_s": 3,
    "retries": 2,
    "start_period_s": 9,
    "start_interval_s": 0,
}


def volume(target: str, read_only: bool = False, source: str = VOLUME) -> dict[str, Any]:
    return {"type": "volume", "source": source, "target": target, "read_only": read_only}


def bind(target: str) -> dict[str, Any]:
    return {"type": "bind", "source": "/etc", "target": target, "read_only": True}


def port(target: int, published: int, protocol: str = "tcp", host_ip: str = "") -> dict[str, Any]:
    return {"target": target, "published": published, "protocol": protocol, "host_ip": host_ip}


CONFIGS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "command": {"command": ["8001", "two words", "", "'quoted' \"twice\"", "$HOME {{ x }}"]},
    "entrypoint": {"entrypoint": ["/serve"]},
    "entrypoint-and-command": {"entrypoint": ["/bin/sh", "-c"], "command": ["exec sleep 60"]},
    "environment": {
        "environment": {"EMPTY": "", "EQUALS": "a=b=c", "LINES": "one\ntwo", "UTF": "grün"}
    },
    "environment-over-image": {"environment": {"GREETING": "mine"}},
    "labels-over-image": {"labels": {**LABELS, "colour": "mine", "with.dots": "a=b"}},
    "user": {"user": "0:0"},
    "mounts": {"mounts": [bind("/a/etc"), volume("/b/data"), volume("/c/data", read_only=True)]},
    "mount-over-image-volume": {"mounts": [volume("/data")]},
    "unnamed-volume": {"mounts": [volume("/scratch", source="")]},
    "ports": {
        "ports": [port(53, 45053), port(53, 45053, "udp"), port(8000, 45080, host_ip="127.0.0.1")],
        "expose": [53, 8000],
    },
    "expose": {"expose": [1, 65535]},
    "healthcheck": {"healthcheck": PROBE},
    "healthcheck-off": {"healthcheck": {**PROBE, "test": ["NONE"]}},
    "limits": {"memory": 64 << 20, "memory_reservation": 32 << 20, "cpus": 0.25, "pids": 50},
    "grace": {"stop_grace_s": 0},
    "restart-never": {"restart": "no"},
    "restart-sometimes": {"restart": "on-failure:3"},
    "dns": {"dns": ["192.0.2.53"], "dns_search": ["a.test", "b.test"], "dns_options": ["ndots:1"]},
}


# Empty is not null: it takes away what the image has.
TAKEN_AWAY: dict[str, dict[str, Any]] = {
    "no-command": {"command": []},
    "no-entrypoint": {"entrypoint": [], "command": ["/serve"]},
}


@pytest.fixture(scope="module")
def seen(shared_site: Site) -> dict[str, Any]:
    """One node with a container of every row."""
    starts = [
        shared_site.start(
            f"{PROJECT}-{name}",
            kind="none",
            monitor_s=0,
            volumes=[{"name": VOLUME, "labels": LABELS}],
            **wanted,
        )
        for name, wanted in {**CONFIGS, **TAKEN_AWAY}.items()
    ]
    answer = shared_site.replicas(*starts)
    assert not answer.get("failed"), answer["msg"]
    return shared_site.look()


@pytest.mark.parametrize("name", CONFIGS)
def test_what_is_wanted_reads_back(seen: dict[str, Any], shared_site: Site, name: str) -> None:
    wanted = {**EMPTY, **shared_site.config(**CONFIGS[name])}
    containers = {container["name"]: container for container in seen["containers"]}
    container = containers[f"{PROJECT}-{name}"]

    found = differences(wanted, container["config"], seen["images"][container["image_id"]])

    assert found == ()


@pytest.mark.parametrize("field", EMPTY)
def test_every_field_is_read(seen: dict[str, Any], field: str) -> None:
    """A field that is always read back as its default would make every row above pass."""
    values = [container["config"][field] for container in seen["containers"]]

    assert any(value != values[0] for value in values)


@pytest.mark.parametrize("name", TAKEN_AWAY)
def test_what_is_empty_is_taken_away(seen: dict[str, Any], name: str) -> None:
    containers = {container["name"]: container for container in seen["containers"]}

    field = name.removeprefix("no-")

    assert containers[f"{PROJECT}-{name}"]["config"][field] is None
