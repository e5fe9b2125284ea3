"""Labs and nodes have addresses that do not collide."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrate.errors import InputError
from orchestrate.lab.addresses import (
    CLUSTER_RANGE,
    MAX_LABS,
    MAX_NODES,
    LabAddresses,
    choose_index,
)

RESERVED_FOR_TESTS = IPv4Network("198.18.0.0/15")


def test_the_first_lab() -> None:
    lab = LabAddresses(1)

    assert str(lab.subnet) == "198.18.1.0/24"
    assert str(lab.gateway) == "198.18.1.1"
    assert str(lab.registry) == "198.18.1.2"
    assert [str(lab.node(number)) for number in (1, 2, 3)] == [
        "198.18.1.11",
        "198.18.1.12",
        "198.18.1.13",
    ]


@given(index=st.integers(1, MAX_LABS))
def test_everything_in_a_lab_has_an_address_of_its_own(index: int) -> None:
    lab = LabAddresses(index)
    nodes = [lab.node(number) for number in range(1, MAX_NODES + 1)]
    everything = {lab.gateway, lab.registry, *nodes}

    assert len(everything) == MAX_NODES + 2
    assert everything <= set(lab.subnet.hosts())
    assert lab.subnet.subnet_of(RESERVED_FOR_TESTS)
    assert not lab.subnet.overlaps(IPv4Network(CLUSTER_RANGE))


@given(taken=st.sets(st.integers(1, MAX_LABS), max_size=MAX_LABS - 1))
def test_a_new_lab_takes_the_lowest_free_index(taken: set[int]) -> None:
    index = choose_index(taken)

    assert index not in taken
    assert set(range(1, index)) <= taken


def test_no_index_is_left() -> None:
    with pytest.raises(InputError, match="lab down"):
        choose_index(range(1, MAX_LABS + 1))
