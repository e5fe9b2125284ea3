"""What differs on a node is named, and the commands that mend it fit."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest

from tests.collection import load

node = load("roles/network/files/node_network.py")
faults: ModuleType = load("roles/network/files/network_faults.py")

RECORD = {
    "name": "n1",
    "range": "10.210.0.0/16",
    "bridge": True,
    "mtu": 0,
    "vxlan": {"id": 210, "port": 4789},
    "peers": [
        {"name": "n1", "address": "192.0.2.1", "subnet": "10.210.1.0/24"},
        {"name": "n2", "address": "192.0.2.2", "subnet": "10.210.2.0/24"},
    ],
}
MAC_1, MAC_2 = "0a:6f:0a:d2:01:01", "0a:6f:0a:d2:02:01"
FILTER = [
    "-N DOCKER-USER",
    "-N ORCHESTRATE",
    "-A DOCKER-USER -j ORCHESTRATE",
    "-A DOCKER-USER -j RETURN",
    "-A ORCHESTRATE -s 10.210.0.0/16 -d 10.210.0.0/16 -i orch-vx -o orch0 -j ACCEPT",
    "-A ORCHESTRATE -s 10.210.0.0/16 -d 10.210.0.0/16 -i orch0 -o orch-vx -j ACCEPT",
]
NAT = [
    "-N ORCHESTRATE",
    "-A POSTROUTING -j ORCHESTRATE",
    "-A ORCHESTRATE -s 10.210.1.0/24 ! -d 10.210.0.0/16 ! -o orch0 -j MASQUERADE",
]


def record(tmp_path_factory: pytest.TempPathFactory, **changes: Any) -> Any:
    file = tmp_path_factory.mktemp("record") / "network.json"
    file.write_text(json.dumps({**RECORD, **changes}), encoding="utf-8")
    return node.read_record(file)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return record(tmp_path_factory)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return record(tmp_path_factory, bridge=False)


def link(name: str, *addresses: str, **more: Any) -> dict[str, Any]:
    held = [{"local": address} for address in addresses]
    return {"ifname": name, "flags": ["UP"], "mtu": 1500, "addr_info": held, **more}


def vxlan(*addresses: str, **more: Any) -> dict[str, Any]:
    data = {"info_data": {"id": 210, "local": "192.0.2.1", "port": 4789}}
    return link("orch-vx", *addresses, **{"mtu": 1450, "address": MAC_1, "linkinfo": data, **more})


def links(*found: dict[str, Any]) -> dict[str, Any]:
    return {each["ifname"]: each for each in (link("eth0", "192.0.2.1"), *found)}


def whole(record: Any, **changes: Any) -> Any:
    """What is seen on a node that has everything."""
    seen = {
        "links": links(link("orch0", "10.210.1.1"), vxlan()),
        "routes": frozenset({("10.210.2.0/24", "10.210.2.1", "10.210.1.1")}),
        "neighbours": frozenset({("10.210.2.1", MAC_2)}),
        "forwarding": frozenset({(MAC_2, "192.0.2.2")}),
        "forwards": True,
        "rules": {"filter": FILTER, "nat": NAT},
        "network": {},
        "detached": (),
    }
    looked = node.Seen(**{**seen, **changes})
    made = faults.wanted_network(record, looked)
    return looked if "network" in changes else looked._replace(network=made)


def problems(record: Any, seen: Any) -> list[str]:
    return [fault.problem for fault in faults.compare(record, seen)]


def steps(record: Any, seen: Any) -> list[str]:
    return [" ".join(step) for fault in faults.compare(record, seen) for step in fault.steps]


def test_nothing_differs_on_a_whole_node(wanted: Any) -> None:
    assert problems(wanted, whole(wanted)) == []


@pytest.mark.parametrize(
    ("changes", "problem", "step"),
    [
        pytest.param(
            {"routes": frozenset()},
            "route to 10.210.2.0/24 (n2) is missing",
            "ip route replace 10.210.2.0/24 via 10.210.2.1 dev orch-vx onlink src 10.210.1.1",
            id="route",
        ),
        pytest.param(
            {"neighbours": frozenset()},
            "neighbour entry for 10.210.2.0/24 (n2) is missing",
            f"ip neigh replace 10.210.2.1 lladdr {MAC_2} dev orch-vx",
            id="neighbour",
        ),
        pytest.param(
            {"forwarding": frozenset()},
            "forwarding entry for 10.210.2.0/24 (n2) is missing",
            f"bridge fdb append {MAC_2} dev orch-vx dst 192.0.2.2 self permanent",
            id="forwarding",
        ),
        pytest.param(
            {"forwards": False},
            "forwarding of IPv4 packets is off",
            "write /proc/sys/net/ipv4/ip_forward 1",
            id="sysctl",
        ),
        pytest.param(
            {"rules": {"filter": FILTER[:-1], "nat": NAT}},
            f"firewall rule `{FILTER[-1]}` is missing (filter)",
            f"iptables -w -t filter {FILTER[-1]}",
            id="rule",
        ),
        pytest.param(
            {"rules": {"filter": FILTER, "nat": [*NAT, "-A ORCHESTRATE -j ACCEPT"]}},
            "firewall rule `-A ORCHESTRATE -j ACCEPT` does not belong here (nat)",
            "iptables -w -t nat -D ORCHESTRATE -j ACCEPT",
            id="foreign-rule",
        ),
        pytest.param(
            {"rules": {"filter": [*FILTER[:2], *FILTER[3:]], "nat": NAT}},
            "firewall chain DOCKER-USER does not lead to ORCHESTRATE (filter)",
            "iptables -w -t filter -I DOCKER-USER 1 -j ORCHESTRATE",
            id="jump",
        ),
        pytest.param(
            {"links": links(link("orch0", "10.210.1.1", flags=[]), vxlan())},
            "interface orch0 is down",
            "ip link set orch0 up",
            id="down",
        ),
        pytest.param(
            {"links": links(link("orch0"), vxlan())},
            "address 10.210.1.1/24 is missing on orch0",
            "ip address add 10.210.1.1/24 dev orch0",
            id="address",
        ),
        pytest.param(
            {"detached": (("shop-web-1-r1", "veth1"),)},
            "container shop-web-1-r1 is cut off from bridge orch0",
            "ip link set veth1 master orch0 up",
            id="port",
        ),
    ],
)
def test_one_difference_is_named_and_mended(
    wanted: Any, changes: dict[str, Any], problem: str, step: str
) -> None:
    seen = whole(wanted, **changes)

    assert problems(wanted, seen) == [problem]
    assert steps(wanted, seen) == [step]


def test_a_missing_bridge_comes_back_with_the_address_that_containers_know(wanted: Any) -> None:
    seen = whole(wanted, links=links(vxlan()))

    assert problems(wanted, seen) == ["bridge orch0 is missing"]
    assert steps(wanted, seen) == [
        "ip link add orch0 address 0a:6e:0a:d2:01:01 mtu 1450 type bridge",
        "ip address add 10.210.1.1/24 dev orch0",
        "ip link set orch0 up",
    ]


def test_what_belongs_to_no_peer_goes_before_what_is_missing_comes(wanted: Any) -> None:
    moved = whole(wanted, forwarding=frozenset({(MAC_2, "192.0.2.99")}))

    assert steps(wanted, moved) == [
        f"bridge fdb delete {MAC_2} dev orch-vx dst 192.0.2.99 self",
        f"bridge fdb append {MAC_2} dev orch-vx dst 192.0.2.2 self permanent",
    ]


def test_a_device_with_other_settings_is_made_anew(wanted: Any) -> None:
    seen = whole(wanted, links=links(link("orch0", "10.210.1.1"), vxlan(mtu=1300)))

    assert problems(wanted, seen) == ["interface orch-vx is not as the record says"]
    assert steps(wanted, seen)[0] == "ip link delete orch-vx"


def test_entries_of_a_missing_device_are_not_counted_one_by_one(wanted: Any) -> None:
    seen = whole(wanted, links=links(link("orch0", "10.210.1.1")), routes=frozenset())

    assert problems(wanted, seen) == ["interface orch-vx is missing"]


def test_the_engine_gets_a_network_that_is_missing(wanted: Any) -> None:
    [fault] = faults.compare(wanted, whole(wanted, network={}))

    [(tool, method, path, body)] = fault.steps
    assert (tool, method, path) == ("engine", "POST", "/networks/create")
    assert json.loads(body)["IPAM"]["Config"] == [
        {"Subnet": "10.210.1.0/24", "Gateway": "10.210.1.1", "IPRange": "10.210.1.240/28"}
    ]


def test_a_network_with_other_addresses_is_made_anew(wanted: Any) -> None:
    other = {"IPAM": {"Config": [{"Subnet": "10.99.0.0/24", "Gateway": "10.99.0.1"}]}}

    [fault] = faults.compare(wanted, whole(wanted, network=other))

    assert "has other addresses than 10.210.1.0/24" in fault.problem
    assert [step[1] for step in fault.steps] == ["DELETE", "POST"]


def test_what_a_newer_engine_adds_to_the_addresses_is_no_difference(wanted: Any) -> None:
    network = faults.wanted_network(wanted, whole(wanted))
    network["IPAM"]["Config"][0]["AuxiliaryAddresses"] = {}

    assert problems(wanted, whole(wanted, network=network)) == []


def test_a_silent_engine_is_for_others_to_tell(wanted: Any) -> None:
    assert problems(wanted, whole(wanted, network=None)) == []


def test_without_an_engines_chain_the_rules_hang_on_forward(wanted: Any) -> None:
    rules = {"filter": ["-N ORCHESTRATE", *FILTER[4:]], "nat": NAT}

    found = steps(wanted, whole(wanted, rules=rules))

    assert found == ["iptables -w -t filter -I FORWARD 1 -j ORCHESTRATE"]


def test_a_proxy_without_an_engine_has_its_gateway_on_the_device(proxy: Any) -> None:
    alone = whole(proxy, links=links(vxlan()), rules={}, network=None)

    assert problems(proxy, alone) == ["address 10.210.1.1/32 is missing on orch-vx"]
    held = alone._replace(links=links(vxlan("10.210.1.1")))
    assert problems(proxy, held) == []
