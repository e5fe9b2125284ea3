"""A ContainerConfig as the engine takes it, and as it is read from what the engine shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.modules.collection import load

config = load("_config")
probe = load("_health_probe")

WANTED: dict[str, Any] = {
    "image": "web:1",
    "command": None,
    "entrypoint": None,
    "environment": {},
    "labels": {},
    "user": "",
    "mounts": [],
    "ports": [],
    "expose": [],
    "healthcheck": None,
    "memory": 0,
    "memory_reservation": 0,
    "cpus": 0.0,
    "pids": 0,
    "stop_grace_s": 10,
    "restart": "no",
    "network": "orchestrate",
    "dns": ["10.210.1.1"],
    "dns_search": [],
    "dns_options": [],
}
PORT = {"target": 80, "published": 8080, "protocol": "tcp", "host_ip": ""}


def body(**changes: Any) -> dict[str, Any]:
    return dict(config.create_body({**WANTED, **changes}, "10.210.1.2"))


def inspection(
    own: dict[str, Any] | None = None, host: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """Return what the engine shows of a container of which nothing was asked."""
    return {
        "Config": {"Image": "web:1", **(own or {})},
        "HostConfig": {"RestartPolicy": {"Name": "", "MaximumRetryCount": 0}, **(host or {})},
        "NetworkSettings": {"Networks": {"orchestrate": {}}},
        "Mounts": [],
        **more,
    }


def read(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return dict(config.read_config(inspection(*parts, **more), "10.210.1.1"))


def test_null_is_left_to_the_image() -> None:
    assert body().keys().isdisjoint({"Cmd", "Entrypoint", "Healthcheck"})
    assert body(command=[])["Cmd"] == []


def test_the_address_is_fixed() -> None:
    endpoint = body()["NetworkingConfig"]["EndpointsConfig"]["orchestrate"]

    assert endpoint == {"IPAMConfig": {"IPv4Address": "10.210.1.2"}}


def test_a_published_port_is_exposed_too() -> None:
    made = body(ports=[PORT, {**PORT, "protocol": "udp"}], expose=[9000])

    assert sorted(made["ExposedPorts"]) == ["80/tcp", "80/udp", "9000/tcp"]
    assert made["HostConfig"]["PortBindings"]["80/udp"] == [{"HostIp": "", "HostPort": "8080"}]


def test_what_the_engine_leaves_out_has_its_default() -> None:
    assert read() == {**WANTED, "dns": []}


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ({"Dns": ["10.210.1.1"]}, {"dns": []}),
        ({"Dns": ["192.0.2.1", "10.210.1.1"]}, {"dns": ["192.0.2.1", "10.210.1.1"]}),
        ({"PidsLimit": -1}, {"pids": 0}),
        ({"NanoCpus": 1_500_000_000}, {"cpus": 1.5}),
        (
            {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 2}},
            {"restart": "on-failure:2"},
        ),
        (
            {"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": ""}]}},
            {"ports": [{**PORT, "published": 0}]},
        ),
        ({"PortBindings": {"80/tcp": None}}, {"ports": []}),
    ],
    ids=["own-dns", "other-dns", "pids", "cpus", "restart", "any-port", "no-port"],
)
def test_hosts_part_is_read(host: dict[str, Any], expected: dict[str, Any]) -> None:
    assert expected.items() <= read({}, host).items()


def test_a_variable_without_a_value_and_one_with_two_equal_signs() -> None:
    assert read({"Env": ["A", "B=", "C=d=e"]})["environment"] == {"A": "", "B": "", "C": "d=e"}


def test_an_unnamed_volume_has_no_source() -> None:
    unnamed = {"Type": "volume", "Name": "0" * 64, "Destination": "/b", "RW": True}
    bind = {"Type": "bind", "Source": "/a", "Destination": "/a", "RW": False}

    mounts = read(Mounts=[unnamed, bind])["mounts"]

    assert [(mount["source"], mount["read_only"]) for mount in mounts] == [
        ("/a", True),
        ("", False),
    ]


def test_options_of_mounts_are_asked_for_and_read_back() -> None:
    plain = {"source": "/a", "read_only": False}
    wanted = [
        {"type": "bind", "target": "/a", "propagation": "rslave", **plain},
        {"type": "bind", "target": "/b", "create_host_path": True, **plain},
        {"type": "volume", "target": "/c", "nocopy": True, **plain},
    ]
    asked = body(mounts=wanted)["HostConfig"]["Mounts"]
    shown = [
        {
            "Type": one["Type"],
            "Source": "/a",
            "Name": "/a",
            "Destination": one["Target"],
            "RW": True,
        }
        | one.get("BindOptions", {})
        for one in asked
    ]

    read_back = read({}, {"Mounts": asked}, Mounts=shown)["mounts"]

    assert read_back[0] == wanted[0]
    assert read_back[1] == {key: wanted[1][key] for key in ("type", "target", *plain)}
    assert read_back[2] == wanted[2]


def test_a_healthcheck_of_zeros_has_the_engines_defaults() -> None:
    seen = read({"Healthcheck": {"Test": ["CMD", "true"], "Interval": 500_000_000}})["healthcheck"]

    assert seen == {
        "test": ["CMD", "true"],
        "interval_s": 0.5,
        "timeout_s": 30,
        "retries": 3,
        "start_period_s": 0,
        "start_interval_s": 0,
    }


@pytest.mark.parametrize(
    ("asked_s", "shown_ns", "lost"),
    [
        pytest.param(2, 2_000_000_000, [], id="kept"),
        pytest.param(2, 0, ["healthcheck.start_interval"], id="older-engine"),
        pytest.param(0, 0, [], id="not-asked-for"),
    ],
)
def test_an_interval_at_the_start_is_missed(asked_s: float, shown_ns: int, lost: list[str]) -> None:
    wanted = {"test": ["CMD", "true"], "start_interval_s": asked_s}
    shown = {"Test": ["CMD", "true"], "StartInterval": shown_ns}

    assert probe.unkept(wanted, inspection({"Healthcheck": shown})) == lost


@pytest.mark.parametrize(
    ("own", "endpoint", "expected"),
    [
        pytest.param({"MacAddress": "02:00:00:00:00:01"}, {}, "02:00:00:00:00:01", id="older"),
        pytest.param({}, {"MacAddress": "02:00:00:00:00:02"}, "02:00:00:00:00:02", id="newer"),
        pytest.param({}, {"MacAddress": ""}, None, id="newer-does-not-run"),
    ],
)
def test_a_hardware_address_stands_where_the_engine_has_it(
    own: dict[str, Any], endpoint: dict[str, Any], expected: str | None
) -> None:
    seen = read(own, NetworkSettings={"Networks": {"orchestrate": endpoint}})

    assert seen.get("mac_address") == expected


def test_a_hardware_address_is_asked_for_as_old_and_new_engines_want_it() -> None:
    made = body(mac_address="02:00:00:00:00:01")

    endpoint = made["NetworkingConfig"]["EndpointsConfig"]["orchestrate"]
    assert made["MacAddress"] == endpoint["MacAddress"] == "02:00:00:00:00:01"


def test_an_image_without_a_config_gives_nothing() -> None:
    given = config.read_image({"Config": None})

    assert not any(given.values())
