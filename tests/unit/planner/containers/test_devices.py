"""Devices that containers ask for, against how many the inventory says there are."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Replica
from orchestrate.planner.placement.filters import refusal
from orchestrate.planner.placement.ledger import open_ledger
from orchestrate.planner.placement.place import place_all
from tests.builders import container_of, node, replica, reserved, serving


def asking(*ids: str, count: int = 0, of: str = "gpu", **fields: Any) -> Replica:
    """`of`: the capabilities, between blanks."""
    request = {
        "driver": "",
        "count": count,
        "device_ids": [*ids],
        "capabilities": of.split(),
        "options": {},
    }
    return replica(**{"attributes": {"device_requests": [request]}} | fields)


ALL, TWO = asking(count=-1), asking(count=2)


def on(*there: Replica, **capacity: int) -> ObservedNode:
    return serving(*there, capacity=capacity or {"gpu": 3})


def here(*there: Replica) -> ObservedNode:
    """With containers of another service."""
    containers = tuple(container_of(one, name=f"other-{i}") for i, one in enumerate(there))
    return node(containers=containers, capacity={"gpu": 3})


@pytest.mark.parametrize(
    ("wanted", "on", "reason"),
    [
        pytest.param(TWO, here(), None, id="enough"),
        pytest.param(TWO, here(TWO), "gpu, needs 2", id="too-few-left"),
        pytest.param(TWO, here(asking("0")), None, id="one-is-taken-by-its-id"),
        pytest.param(TWO, here(ALL), "gpu, needs 2", id="all-are-taken"),
        pytest.param(ALL, here(), None, id="all-are-free"),
        pytest.param(ALL, here(asking(count=1)), "gpu, needs all of them", id="one-is-taken"),
        pytest.param(ALL, on(tpu=1), None, id="nobody-says-how-many"),
        pytest.param(asking("0", "1"), here(asking("2")), None, id="other-ids"),
        pytest.param(asking("0", "1"), here(asking("1")), "gpu 1 is taken", id="same-id"),
        pytest.param(asking("0", "1"), here(TWO), "gpu, needs 2", id="too-few-for-the-ids"),
        pytest.param(asking("0"), on(asking("0"), tpu=1), None, id="same-id-nobody-counts"),
        pytest.param(
            asking(count=1, of="gpu utility"), here(TWO), None, id="only-one-capability-counts"
        ),
        pytest.param(
            asking(count=1, of="gpu nvidia-compute"),
            node(capacity={"gpu": 3, "nvidia-compute": 1}, containers=here(ALL).engine.containers),
            "gpu, needs 1",
            id="both-count",
        ),
        pytest.param(
            asking(count=2, resources=reserved(gpu=2)), here(), "gpu, needs 4", id="generic-too"
        ),
    ],
)
def test_devices_are_counted(wanted: Replica, on: ObservedNode, reason: str | None) -> None:
    assert refusal(wanted, open_ledger([on])["n1"]) == reason


def test_where_some_node_has_a_number_the_others_have_none() -> None:
    ledger = open_ledger([on(), node(name="n2")])

    assert refusal(TWO, ledger["n2"]) == "gpu, needs 2"
    assert refusal(ALL, ledger["n2"]) == "gpu, has none"


@pytest.mark.parametrize("wanted", [TWO, ALL, asking("0", "2")], ids=["two", "all", "by-ids"])
def test_what_is_booked_counts_as_a_container_does(wanted: Replica) -> None:
    ledger, seen = open_ledger([here()]), open_ledger([on(wanted)])
    account = ledger["n1"]
    ledger.book(wanted, "n1")

    assert account.pieces == seen["n1"].pieces
    assert refusal(wanted, account) == refusal(wanted, seen["n1"]) is not None
    for each in (account, seen["n1"]):
        each.leave(container_of(wanted))
        assert each.pieces == {"gpu": (0, 3)}
        assert refusal(wanted, each) is None


def test_what_has_completed_gives_its_devices_back() -> None:
    done = container_of(asking(count=-1, completes=True), state="exited")

    assert open_ledger([node(containers=(done,), capacity={"gpu": 3})])["n1"].pieces["gpu"] == (
        0,
        3,
    )


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [
        pytest.param(TWO, ["n1", "n2", "n2", None], id="by-number"),
        pytest.param(ALL, ["n1", "n2", None, None], id="all"),
        pytest.param(asking("0"), ["n1", "n2", None, None], id="the-very-same"),
    ],
)
def test_replicas_together_take_no_more_than_there_are(
    wanted: Replica, placed: list[str | None]
) -> None:
    ledger = open_ledger([on(gpu=3), node(name="n2", capacity={"gpu": 5})])

    assert [one.node for one in place_all([wanted] * 4, ledger)] == placed


def test_a_number_that_makes_no_sense_is_no_number() -> None:
    strange = asking(count=1 << 80)

    assert open_ledger([on(strange)])["n1"].pieces == {"gpu": (1000, 3)}
