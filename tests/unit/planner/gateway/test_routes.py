"""The ways into the cluster, and the proxies that have to learn of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrate.model.observed.parts import Part
from orchestrate.planner.gateway.ports import published
from orchestrate.planner.gateway.routes import configuration, proxy_actions, routes
from tests.builders import ingress, node, on_proxies, project, service, silent


def entry(*, of: str = "counter", name: str = "web", replicas: int = 1, **fields: Any) -> Any:
    return project(service(name=name, replicas=replicas, ingress=ingress(**fields)), name=of)


def test_a_route_names_what_consul_knows() -> None:
    (found,), refused = routes([entry(host="www.example.org", path="/api")], [node()])

    assert (found.host, found.path, found.consul_service) == (
        "www.example.org",
        "/api",
        "counter--web",
    )
    assert refused == ()


def test_services_without_ingress_have_none() -> None:
    assert routes([project(service())], [node()]) == ((), ())


def test_of_two_with_one_way_the_first_keeps_it() -> None:
    found, refused = routes([entry(of="b"), entry(of="a"), entry(of="c", path="/c")], [node()])

    assert [one.project for one in found] == ["a", "c"]
    assert [str(one.subject) for one in refused] == ["b/web"]
    assert refused[0].reason == "x-ingress / already belongs to a/web: choose another host or path"


@pytest.mark.parametrize(
    ("fields", "slots"),
    [
        pytest.param({"replicas": 0}, 10, id="none"),
        pytest.param({"replicas": 4}, 10, id="few"),
        pytest.param({"replicas": 5}, 20, id="twice-ten"),
        pytest.param({"replicas": 12}, 30, id="more"),
        pytest.param({"mode": "global"}, 30, id="one-on-each-of-twelve"),
    ],
)
def test_there_is_room_for_a_rollout(fields: dict[str, Any], slots: int) -> None:
    nodes = [node(name=f"n{number}") for number in range(12)]
    wanted = project(service(ingress=ingress(), **fields))

    (found,), _ = routes([wanted], [*nodes, node(name="p", runs_containers=False)])

    assert found.slots == slots


def test_a_fingerprint_tells_routes_apart() -> None:
    one, _ = routes([entry()], [node()])
    other, _ = routes([entry(path="/b")], [node()])

    assert configuration(one).fingerprint == configuration(one).fingerprint
    assert (
        configuration(one).fingerprint
        != configuration(other).fingerprint
        != configuration(()).fingerprint
    )


def test_a_fingerprint_tells_ports_apart() -> None:
    one, other = (
        published([project(service(ports=on_proxies(number)))], [node()])[0] for number in (80, 81)
    )

    assert configuration((), one).fingerprint == configuration((), one).fingerprint
    assert (
        configuration((), one).fingerprint
        != configuration((), other).fingerprint
        != configuration(()).fingerprint
    )


NEW = replace(configuration(()), fingerprint="new")


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        pytest.param({"routes": "new"}, None, id="as-wanted"),
        pytest.param({"routes": "old"}, "routes changed", id="old-routes"),
        pytest.param(
            {"routes": "new", "proxy": Part(state="stopped")},
            "HAProxy is not running",
            id="stopped",
        ),
        pytest.param(
            {"routes": "new", "proxy": Part(state="running", problems=("edited", "again"))},
            "edited; again",
            id="edited",
        ),
        pytest.param({"proxy": Part(state="absent")}, None, id="never-provisioned"),
        pytest.param({"network": Part(state="absent")}, None, id="no-address-to-ask-at"),
        pytest.param({"proxies": False}, None, id="no-proxy"),
        pytest.param({"answered": False}, None, id="silent"),
    ],
)
def test_a_proxy_learns_of_them(on: dict[str, Any], reason: str | None) -> None:
    known: dict[str, Any] = {"proxies": True, "gateway": "10.0.0.1"}

    found = list(proxy_actions([node(**known | on)], NEW))

    assert [action.reason for action in found] == ([reason] if reason else [])
    assert all(action.dns_address == "10.0.0.1" for action in found)


def test_all_nodes_count_that_a_global_service_may_come_to() -> None:
    wanted = project(service(mode="global", ingress=ingress()))
    nodes = [node(name="n1"), *(silent(name=f"s{number}") for number in range(9))]

    (found,), _ = routes([wanted], nodes)

    assert found.slots == 30
