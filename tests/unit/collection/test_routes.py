"""Routes in the order in which they are tried; bad ones left out and named."""

from __future__ import annotations

from typing import Any

import pytest

from tests.collection import load

routes = load("plugins/filter/routes.py").routes


def route(name: str = "shop/web", **values: Any) -> dict[str, Any]:
    return {"name": name, "consul_service": "shop--web", **values}


def test_the_more_special_route_comes_first() -> None:
    wanted = [
        route("any"),
        route("any-path", path="/api"),
        route("below", host="*.example.org"),
        route("host", host="shop.example.org"),
        route("host-path", host="shop.example.org", path="/api"),
        route("host-longer-path", host="shop.example.org", path="/api/v2"),
    ]

    found = [each["name"] for each in routes(wanted)["accepted"]]

    assert found == ["host-longer-path", "host-path", "host", "below", "any-path", "any"]
    assert [each["name"] for each in routes(wanted[::-1])["accepted"]] == found


def test_what_is_left_out_has_a_meaning() -> None:
    [found] = routes([route(host=None, port=80, project="shop")])["accepted"]

    assert found == {
        "name": "shop/web",
        "consul_service": "shop--web",
        "host": "",
        "path": "/",
        "slots": 10,
    }


def test_what_was_accepted_is_accepted_again() -> None:
    once = routes([route("a"), route("b", host="*.example", path="/x/", slots=30)])

    assert routes(once["accepted"]) == once


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        pytest.param({"host": "a b"}, "host 'a b'", id="space"),
        pytest.param({"host": "a\n  server x 192.0.2.1"}, "host", id="line"),
        pytest.param({"host": "Shop.example"}, "host", id="upper-case"),
        pytest.param({"path": "api"}, "path", id="no-slash"),
        pytest.param({"path": "/a } or { always_true"}, "path", id="condition"),
        pytest.param({"path": "/#"}, "path", id="comment"),
        pytest.param({"path": '/"$HOME"'}, "path", id="variable"),
        pytest.param({"consul_service": "x\nbackend y"}, "consul_service", id="backend"),
        pytest.param({"consul_service": None}, "consul_service is missing", id="no-service"),
        pytest.param({"slots": 0}, "slots", id="no-slots"),
        pytest.param({"slots": "1 check"}, "slots", id="slots-text"),
    ],
)
def test_a_bad_route_is_named_and_the_others_go_out(bad: dict[str, Any], reason: str) -> None:
    found = routes([route("bad", **{"host": "a.example", **bad}), route("good")])

    assert [each["name"] for each in found["accepted"]] == ["good"]
    [sentence] = found["refused"]
    assert sentence.startswith("route 'bad': ")
    assert reason in sentence


def test_a_name_cannot_break_out_of_its_comment() -> None:
    assert routes([route("a\nbackend x")])["accepted"] == []


def test_of_two_routes_for_one_place_the_first_by_name_stays() -> None:
    found = routes([route("b", path="/x/"), route("a", path="/x")])

    assert [each["name"] for each in found["accepted"]] == ["a"]
    assert found["refused"] == ["route 'b': route 'a' has the same host and path"]
