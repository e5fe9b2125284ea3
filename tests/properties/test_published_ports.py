"""The planner and the collection's filter, which may be used alone, agree on which ports clash."""

from __future__ import annotations

from dataclasses import asdict

from hypothesis import given
from hypothesis import strategies as st

from orchestrate.model.plan import ProxyPort
from orchestrate.planner.gateway.ports import published
from tests.builders import ingress, node, on_proxies, project, service
from tests.collection import load

filter_ports = load("plugins/filter/ports.py").ports
ADDRESSES = st.sampled_from(("", "192.0.2.1", "192.0.2.2"))
NUMBERS = st.sampled_from((80, 443))


def name_of(port: ProxyPort) -> str:
    return f"{port.project}/{port.service}"


@given(
    st.lists(st.tuples(ADDRESSES, NUMBERS), max_size=6),
    ADDRESSES,
    st.booleans(),
)
def test_they_accept_the_same_ports(
    places: list[tuple[str, int]], request_address: str, has_routes: bool
) -> None:
    services = [
        service(name=f"s{index}", ports=on_proxies(number, host_ip=address))
        for index, (address, number) in enumerate(places)
    ]
    web = [service(name="web", ingress=ingress())] if has_routes else []
    proxy = node(proxies=True, request_address=request_address, request_port=80)
    wanted = [port for one in services for port in published([project(one)], [])[0]]

    planned, _ = published([project(*services, *web)], [proxy])
    filtered = filter_ports(
        [{**asdict(port), "name": name_of(port)} for port in wanted],
        request_address or "*",
        80,
        [{"name": "counter/web"}] if has_routes else [],
    )

    assert {name_of(port) for port in planned} == {port["name"] for port in filtered["accepted"]}
