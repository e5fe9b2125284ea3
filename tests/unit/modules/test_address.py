"""Which address a new container gets."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.modules.collection import load

address = load("_address")
errors = load("_errors")


def network(subnet: str = "10.210.1.0/24", **plan: str) -> dict[str, Any]:
    gateway = {"Gateway": "10.210.1.1"}
    return {"Name": "orchestrate", "IPAM": {"Config": [{"Subnet": subnet, **gateway, **plan}]}}


def holding(*addresses: str) -> list[dict[str, Any]]:
    """Containers that do not run and keep these addresses."""
    return [
        {"NetworkSettings": {"Networks": {"orchestrate": {"IPAMConfig": {"IPv4Address": one}}}}}
        for one in addresses
    ]


def test_the_lowest_that_is_free() -> None:
    assert address.choose_address(network(), []) == "10.210.1.2"
    assert address.choose_address(network(), holding("10.210.1.2", "10.210.1.4")) == "10.210.1.3"


def test_the_one_that_is_asked_for() -> None:
    assert address.choose_address(network(), holding("10.210.1.2"), "10.210.1.9") == "10.210.1.9"


@pytest.mark.parametrize("wanted", ["10.210.1.2", "10.210.1.1"], ids=["container", "gateway"])
def test_one_that_is_held_is_named(wanted: str) -> None:
    with pytest.raises(errors.ActionError, match=f"the address {wanted} is held by another"):
        address.choose_address(network(), holding("10.210.1.2"), wanted)


@pytest.mark.parametrize("wanted", ["10.210.2.2", "ten", ""])
def test_one_of_another_subnet_does_not_count(wanted: str) -> None:
    """A network that was made anew has other addresses than those that a plan was made for."""
    assert address.choose_address(network(), [], wanted) == "10.210.1.2"


def test_containers_of_other_networks_and_of_none_hold_nothing() -> None:
    elsewhere = {"NetworkSettings": {"Networks": {"bridge": {"IPAddress": "10.210.1.2"}}}}
    nowhere: dict[str, Any] = {"NetworkSettings": {"Networks": None}}

    assert address.choose_address(network(), [elsewhere, nowhere]) == "10.210.1.2"


@pytest.mark.parametrize(
    ("plan", "last"),
    [({}, 239), ({"IPRange": "10.210.1.240/28"}, 239), ({"IPRange": "10.210.1.128/25"}, 127)],
    ids=["last-28", "range", "wide-range"],
)
def test_never_one_that_the_engine_hands_out_itself(plan: dict[str, str], last: int) -> None:
    held = holding(*(f"10.210.1.{host}" for host in range(2, last)))

    assert address.choose_address(network(**plan), held) == f"10.210.1.{last}"
    with pytest.raises(errors.ActionError, match="no address is free"):
        address.choose_address(network(**plan), [*held, *holding(f"10.210.1.{last}")])


@pytest.mark.parametrize("plan", [{"IPAM": None}, {"IPAM": {"Config": []}}], ids=["none", "empty"])
def test_a_network_without_a_subnet_is_named(plan: dict[str, Any]) -> None:
    with pytest.raises(errors.ActionError, match="the network 'host' has no IPv4 subnet"):
        address.choose_address({"Name": "host", **plan}, [])
