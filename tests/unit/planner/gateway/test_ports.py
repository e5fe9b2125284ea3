"""Ports on the proxies, and what stands in their way."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.errors import InputError
from orchestrate.model.spec.project import Project
from orchestrate.planner.gateway.ports import hindered, published, refuse_clashes
from tests.builders import (
    container_of,
    ingress,
    node,
    on_proxies,
    project,
    replica,
    service,
    silent,
)
from tests.builders import published as on_node

TWO_ADDRESSES = ("192.0.2.1", "192.0.2.2")


def publishing(*numbers: int, of: str = "shop", name: str = "db", host_ip: str = "") -> Project:
    return project(service(name=name, ports=on_proxies(*numbers, host_ip=host_ip)), name=of)


def proxy(**fields: Any) -> Any:
    return node(**{"proxies": True, "request_port": 80} | fields)


def reasons(projects: list[Project], *nodes: Any) -> list[str]:
    """Of what is refused, and of what is hindered."""
    found, refused = published(projects, nodes)
    return [one.reason for one in (*refused, *hindered(found, projects, nodes))]


def test_a_port_names_what_consul_knows() -> None:
    wanted = project(service(name="db", ports=(*on_proxies(3306), *on_node(53))), name="shop")

    (found,), refused = published([wanted], [proxy()])

    assert (found.consul_service, found.published, found.target) == ("shop--db", 3306, 3306)
    assert (found.address, found.slots) == ("", 10)
    assert refused == ()


@pytest.mark.parametrize(
    ("addresses", "count"),
    [
        pytest.param(("", ""), 1, id="any-twice"),
        pytest.param(("192.0.2.1", ""), 1, id="one-and-any"),
        pytest.param(("192.0.2.1", "192.0.2.1"), 1, id="one-twice"),
        pytest.param(TWO_ADDRESSES, 2, id="two"),
    ],
)
def test_of_two_on_one_port_the_first_keeps_it(addresses: tuple[str, str], count: int) -> None:
    projects = [
        publishing(8080, of=of, host_ip=host_ip)
        for of, host_ip in zip("ab", addresses, strict=True)
    ]

    found, refused = published(projects, [proxy()])

    assert [one.project for one in found] == ["a", "b"][:count]
    assert [one.subject for one in refused] == ["b/db"][count - 1 :]
    assert all("a/db publishes it too" in one.reason for one in refused)


@pytest.mark.parametrize(
    ("routed", "on", "is_free"),
    [
        pytest.param(False, {}, True, id="nothing-is-routed"),
        pytest.param(True, {}, False, id="requests-are-answered-there"),
        pytest.param(True, {"request_port": 8000}, True, id="requests-are-answered-elsewhere"),
        pytest.param(True, {"request_address": "192.0.2.9"}, False, id="at-an-address"),
        pytest.param(True, {"request_port": 0}, True, id="not-known"),
    ],
)
def test_requests_keep_their_port(routed: bool, on: dict[str, Any], is_free: bool) -> None:
    web = project(service(ingress=ingress() if routed else None), name="web")

    found = reasons([publishing(80), web], proxy(**on))

    assert [("the x-ingress of web/web" in one) for one in found] == ([] if is_free else [True])


@pytest.mark.parametrize(
    ("listening", "is_free"),
    [
        pytest.param(("", 22), False, id="on-all"),
        pytest.param(("127.0.0.1", 22), False, id="on-one"),
        pytest.param(("", 23), True, id="another-port"),
    ],
)
def test_a_port_that_another_program_has_is_named(
    listening: tuple[str, int],
    is_free: bool,
) -> None:
    found = reasons([publishing(22)], proxy(), proxy(name="n2", listening=frozenset({listening})))

    said = "another program listens there on n2: publish another port"
    assert found == ([] if is_free else [f"port 22 of the proxies cannot be published: {said}"])


def test_no_other_host_than_a_proxy_counts() -> None:
    assert reasons([publishing(22)], proxy(), node(name="n2", listening={("", 22)})) == []


def test_a_replica_that_has_the_port_on_its_node_is_named() -> None:
    dns = service(name="dns", ports=on_node(8080))
    running = container_of(replica(dns, of="net"))
    on = proxy(containers=(running,), listening={("", 8080)})

    stays = reasons([project(dns, name="net"), publishing(8080)], on)
    goes = reasons([publishing(8080)], on)

    said = "net/dns publishes it on n1 (mode: host): publish another port"
    assert stays == [f"port 8080 of the proxies cannot be published: {said}"]
    assert goes == [], "it gives the port up before the proxies take it"


@pytest.mark.parametrize(
    ("nodes", "is_told"),
    [
        pytest.param([proxy(own_addresses={"192.0.2.1"})], False, id="one-has-it"),
        pytest.param([proxy(own_addresses={"192.0.2.2"})], True, id="none-has-it"),
        pytest.param([proxy(), proxy(own_addresses={"192.0.2.2"})], False, id="one-does-not-say"),
        pytest.param([silent(proxies=True)], False, id="silent"),
        pytest.param([node()], True, id="no-proxy"),
    ],
)
def test_an_address_that_no_proxy_has_is_named(nodes: list[Any], is_told: bool) -> None:
    found = reasons([publishing(8080, host_ip="192.0.2.1")], *nodes)

    assert [("no proxy has the address 192.0.2.1" in one) for one in found] == [True] * is_told


def test_a_file_that_clashes_is_refused_whoever_would_have_kept_the_port() -> None:
    projects = [publishing(8080, of="a"), publishing(8080, of="b")]

    for name, other in ("ab", "ba"):
        said = rf"^{name}/db: port 8080 .*{other}/db publishes it too(.|\n)*nothing was changed$"
        with pytest.raises(InputError, match=said):
            refuse_clashes(projects, name, [proxy()])


def test_a_file_is_not_blamed_for_what_was_so_before() -> None:
    projects = [publishing(8080, of=of) for of in "abc"][:2]

    refuse_clashes([*projects, publishing(9090, of="new")], "new", [proxy()])
