"""Ports of the proxies: bad ones left out and named, and whose the port of requests is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.collection import load

ports = load("plugins/filter/ports.py").ports
ROUTES = [{"name": "shop/web"}]


def port(name: str = "shop/db", **values: Any) -> dict[str, Any]:
    return {
        "name": name,
        "consul_service": "shop--db",
        "published": 3306,
        "target": 3307,
        **values,
    }


def test_what_is_left_out_has_a_meaning() -> None:
    [found] = ports([port(address=None, project="shop")], "*", 80, [])["accepted"]

    assert found == {
        "name": "shop/db",
        "consul_service": "shop--db",
        "slots": 10,
        "address": "",
        "published": 3306,
        "target": 3307,
        "bind": "*:3306",
    }


@pytest.mark.parametrize(
    ("address", "bind"),
    [
        pytest.param("192.0.2.1", "192.0.2.1:3306", id="ipv4"),
        pytest.param("2001:db8::1", "[2001:db8::1]:3306", id="ipv6"),
        pytest.param("", "198.51.100.1:3306", id="as-requests"),
    ],
)
def test_it_is_listened_on_where_the_file_says(address: str, bind: str) -> None:
    [found] = ports([port(address=address)], "198.51.100.1", 80, [])["accepted"]

    assert found["bind"] == bind


def test_what_was_accepted_is_accepted_again() -> None:
    once = ports([port("a"), port("b", address="192.0.2.1", published=25)], "*", 80, ROUTES)

    assert ports(once["accepted"], "*", 80, ROUTES) == once


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        pytest.param({"consul_service": "x\nlisten y"}, "consul_service", id="section"),
        pytest.param({"consul_service": None}, "consul_service is missing", id="no-service"),
        pytest.param({"published": 0}, "published 0 is no port", id="no-port"),
        pytest.param({"published": "25 ssl"}, "published '25 ssl'", id="option"),
        pytest.param({"published": "²5"}, "published", id="digit-of-sorts"),
        pytest.param({"target": 65536}, "target 65536", id="too-large"),
        pytest.param({"target": None}, "target None", id="no-target"),
        pytest.param({"slots": "1 check"}, "slots", id="slots"),
        pytest.param({"address": "192.0.2.1:1 ssl"}, "address", id="address-and-more"),
        pytest.param({"address": "fe80::1%eth0 ssl"}, "address", id="scope"),
        pytest.param({"address": "localhost"}, "address", id="name"),
        pytest.param({"published": 80}, "requests are answered at 80", id="requests"),
        pytest.param({"published": 25}, "port 'a' has 25 already", id="taken"),
    ],
)
def test_a_bad_port_is_named_and_the_others_go_out(bad: dict[str, Any], reason: str) -> None:
    found = ports([port("bad", **bad), port("a", published=25)], "*", 80, ROUTES)

    assert [each["name"] for each in found["accepted"]] == ["a"]
    [sentence] = found["refused"]
    assert sentence.startswith("port 'bad': ")
    assert reason in sentence


@pytest.mark.parametrize(
    ("address", "bind_address", "has_requests"),
    [
        pytest.param("", "*", False, id="any"),
        pytest.param("192.0.2.1", "0.0.0.0", False, id="any-written-out"),
        pytest.param("192.0.2.1", "192.0.2.1", False, id="same-address"),
        pytest.param("192.0.2.1", "192.0.2.2", True, id="other-address"),
    ],
)
def test_without_routes_the_port_of_requests_is_free(
    address: str,
    bind_address: str,
    has_requests: bool,
) -> None:
    found = ports([port(published=80, address=address)], bind_address, 80, [])

    assert (found["refused"], found["has_requests"]) == ([], has_requests)
