"""What `lab up` is asked for, against what there is."""

from __future__ import annotations

import pytest

from orchestrate.errors import InputError
from orchestrate.lab.request import LabRequest, LabShape, check_request, shape_lab

THREE = ("n1", "n2", "n3")


def test_a_new_lab_has_three_full_nodes() -> None:
    assert shape_lab(LabRequest("dev"), []) == LabShape("full", THREE)


def test_a_lab_stays_as_it_is() -> None:
    assert shape_lab(LabRequest("dev"), ["bare", "bare"]) == LabShape("bare", ("n1", "n2"))


def test_a_lab_grows() -> None:
    assert shape_lab(LabRequest("dev", nodes=3), ["full"]) == LabShape("full", THREE)


def test_a_lab_does_not_shrink() -> None:
    with pytest.raises(InputError, match="has 3 nodes and only grows"):
        shape_lab(LabRequest("dev", nodes=1), ["full", "full", "full"])


def test_nodes_do_not_change_their_kind() -> None:
    with pytest.raises(InputError, match="has full nodes, not bare ones"):
        shape_lab(LabRequest("dev", kind="bare"), ["full"])


@pytest.mark.parametrize("name", ["dev", "a", "e2e-1", "x" * 30])
def test_names_of_labs(name: str) -> None:
    check_request(LabRequest(name))


@pytest.mark.parametrize("name", ["", "Dev", "../dev", "-dev", "dev-", "a b", "a\n", "x" * 31])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(InputError, match="is no name for a lab"):
        check_request(LabRequest(name))


@pytest.mark.parametrize("nodes", [-1, 0, 201])
def test_impossible_numbers_of_nodes(nodes: int) -> None:
    with pytest.raises(InputError, match="from 1 to 200 nodes"):
        check_request(LabRequest("dev", nodes))
