"""Every host gets a subnet once, and keeps it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.collection import load

subnets = load("plugins/filter/subnets.py")
RANGE = "10.210.0.0/16"


def new(name: str, address: str = "") -> dict[str, Any]:
    return {"name": name, "address": address or f"192.0.2.{sum(name.encode()) % 250}"}


def recorded(name: str, subnet: str, *peers: dict[str, Any]) -> dict[str, Any]:
    return {**new(name), "subnet": subnet, "peers": list(peers)}


def table(names: list[str], *said: dict[str, Any], space: str = RANGE) -> list[dict[str, str]]:
    """What the hosts that could be asked say: their address and, if they have it, their record."""
    addresses = {each["name"]: each["address"] for each in said}
    records = [json.dumps(each) for each in said if "subnet" in each]
    return list(subnets.subnets(names, records, addresses, space))


def given_out(names: list[str], *said: dict[str, Any], space: str = RANGE) -> dict[str, str]:
    return {row["name"]: row["subnet"] for row in table(names, *said, space=space)}


def test_new_hosts_get_the_first_free_subnets_by_name() -> None:
    assert given_out(["n2", "n1"], new("n1"), new("n2")) == {
        "n1": "10.210.1.0/24",
        "n2": "10.210.2.0/24",
    }


def test_the_table_has_what_the_others_need_to_know() -> None:
    [row] = table(["n1"], new("n1", "192.0.2.7"))

    assert row == {
        "name": "n1",
        "address": "192.0.2.7",
        "subnet": "10.210.1.0/24",
        "gateway": "10.210.1.1",
    }


def test_a_host_keeps_its_subnet_and_a_new_one_fills_the_gap() -> None:
    found = given_out(["n0", "n1", "n2"], new("n0"), recorded("n1", "10.210.2.0/24"), new("n2"))

    assert found == {"n0": "10.210.1.0/24", "n1": "10.210.2.0/24", "n2": "10.210.3.0/24"}


def test_a_silent_host_keeps_what_the_others_say() -> None:
    silent = recorded("n2", "10.210.1.0/24")

    found = given_out(["n1", "n2"], recorded("n1", "10.210.9.0/24", silent))

    assert found["n2"] == "10.210.1.0/24"


def test_of_a_silent_host_most_others_are_right() -> None:
    old, now = recorded("n9", "10.210.1.0/24"), recorded("n9", "10.210.5.0/24")
    records = [
        recorded("n1", "10.210.2.0/24", old),
        recorded("n2", "10.210.3.0/24", now),
        recorded("n3", "10.210.4.0/24", now),
    ]

    assert given_out(["n1", "n2", "n3", "n9"], *records)["n9"] == "10.210.5.0/24"


def test_what_a_host_says_of_itself_wins_over_hearsay() -> None:
    rumour = recorded("n2", "10.210.7.0/24")
    records = [recorded("n1", "10.210.1.0/24", rumour), recorded("n2", "10.210.8.0/24")]

    assert given_out(["n1", "n2"], *records)["n2"] == "10.210.8.0/24"


def test_hearsay_that_names_a_taken_subnet_is_not_believed() -> None:
    rumour = recorded("a-silent", "10.210.1.0/24")

    found = given_out(["n1", "a-silent"], recorded("n1", "10.210.1.0/24", rumour))

    assert found == {"n1": "10.210.1.0/24", "a-silent": "10.210.2.0/24"}


def test_a_host_that_never_told_its_address_is_left_out() -> None:
    assert list(given_out(["n1", "n2"], new("n1"))) == ["n1"]


def test_the_subnet_of_a_host_that_left_is_free() -> None:
    gone = recorded("gone", "10.210.1.0/24")

    found = given_out(["n1", "n2"], recorded("n1", "10.210.2.0/24", gone), new("n2"))

    assert found == {"n1": "10.210.2.0/24", "n2": "10.210.1.0/24"}


def test_of_a_damaged_record_the_others_know_what_it_said() -> None:
    whole = recorded("n1", "10.210.3.0/24", recorded("n2", "10.210.1.0/24"))
    addresses = {"n1": "192.0.2.1", "n2": "192.0.2.2"}

    found = subnets.subnets(["n1", "n2"], [json.dumps(whole), '{"name": "n'], addresses, RANGE)

    assert [row["subnet"] for row in found] == ["10.210.3.0/24", "10.210.1.0/24"]


@pytest.mark.parametrize(
    ("names", "records", "space", "message"),
    [
        pytest.param(["n1"], [new("n1")], "10.210.0.0/24", "too small", id="small-range"),
        pytest.param(["n1"], [new("n1")], "10.210.0.1/16", "has host bits set", id="not-a-range"),
        pytest.param(
            ["n1", "n2"], [new("n1"), new("n2")], "10.0.0.0/23", "no subnets for 2 hosts", id="full"
        ),
        pytest.param(
            ["n1"], [recorded("n1", "10.9.1.0/24")], RANGE, "set the range back", id="range-changed"
        ),
        pytest.param(
            ["n1", "n2"],
            [recorded("n1", "10.210.1.0/24"), recorded("n2", "10.210.1.0/24")],
            RANGE,
            "n1 and n2 both have the subnet",
            id="two-of-one",
        ),
        pytest.param(
            ["n1"], [new("n1", "n1.example")], RANGE, "n1: .* set network_address", id="host-name"
        ),
    ],
)
def test_what_cannot_be_is_said(
    names: list[str], records: list[dict[str, Any]], space: str, message: str
) -> None:
    with pytest.raises(subnets.AnsibleFilterError, match=message):
        given_out(names, *records, space=space)


names_of_hosts = st.lists(st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True), unique=True)


@given(first=names_of_hosts, second=names_of_hosts, silent=st.sets(st.integers(0, 20)))
def test_nobody_loses_a_subnet_and_nobody_shares_one(
    first: list[str], second: list[str], silent: set[int]
) -> None:
    before = table(first, *[new(name) for name in first])
    known = {row["name"]: {**row, "peers": before} for row in before}
    everyone = sorted({*first, *second})
    heard = [name for index, name in enumerate(everyone) if index not in silent]

    after = given_out(everyone, *[known.get(name, new(name)) for name in heard])

    assert len(set(after.values())) == len(after)
    if any(name in known for name in heard):
        assert {name: after[name] for name in first} == {
            row["name"]: row["subnet"] for row in before
        }
