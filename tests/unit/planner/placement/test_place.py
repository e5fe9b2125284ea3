"""Which node gets a replica."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Replica
from orchestrate.planner.placement.ledger import open_ledger
from orchestrate.planner.placement.place import place
from tests.builders import mounted, node, replica, serving

DATA = {"counter_data": "counter"}
OLD: dict[str, Any] = {"volumes": DATA, "given_up": frozenset(DATA)}


def test_it_is_booked_where_it_goes() -> None:
    ledger = open_ledger([node(name="a"), node(name="b")])

    places = [place(replica(slot=slot), ledger).node for slot in (1, 2, 3)]

    assert places == ["a", "b", "a"]


def test_of_one_node_only_that_one_is_asked() -> None:
    ledger = open_ledger([node(name="a"), node(name="b", availability="cordoned")])

    assert place(replica(), ledger, only="a").node == "a"
    found = place(replica(), ledger, only="b")
    assert (found.node, found.why_not) == (None, "1 node: cordoned")


WITH_DATA = replica(mounts=mounted())


@pytest.mark.parametrize(
    ("wanted", "nodes", "chosen"),
    [
        pytest.param(WITH_DATA, [node(name="a"), node(name="b", volumes=DATA)], "b", id="the-data"),
        pytest.param(
            WITH_DATA,
            [node(name="a"), node(name="b", volumes=DATA, availability="cordoned")],
            None,
            id="the-data-and-nowhere-else",
        ),
        pytest.param(
            WITH_DATA,
            [node(name="a"), node(name="b", volumes=DATA, runs_containers=False)],
            None,
            id="the-data-where-nothing-runs",
        ),
        pytest.param(WITH_DATA, [node(name="a"), node(name="b")], "a", id="no-data-yet"),
        pytest.param(
            replica(slot=2, mounts=mounted()),
            [serving(WITH_DATA, name="a"), node(name="b")],
            "b",
            id="the-data-of-a-sibling-is-not-its-own",
        ),
        pytest.param(
            replica(name="reader", mounts=mounted()),
            [node(name="a"), serving(WITH_DATA, name="b")],
            "b",
            id="data-of-another-service",
        ),
        pytest.param(
            WITH_DATA,
            [node(name="a", **OLD), node(name="b", volumes=DATA)],
            "b",
            id="not-what-was-given-up",
        ),
        pytest.param(
            WITH_DATA,
            [node(name="a", **OLD), node(name="b", volumes=DATA, availability="cordoned")],
            None,
            id="not-even-where-the-newer-data-is-out-of-reach",
        ),
        pytest.param(
            WITH_DATA,
            [node(name="a"), node(name="b", **OLD)],
            "b",
            id="what-was-given-up-when-there-is-nothing-newer",
        ),
        pytest.param(
            replica(slot=2, mounts=mounted()),
            [serving(WITH_DATA, name="a"), node(name="b"), node(name="c", **OLD)],
            "c",
            id="and-when-what-is-newer-is-of-a-sibling",
        ),
        pytest.param(
            replica(name="reader", mounts=mounted()),
            [serving(WITH_DATA, name="a", **OLD), node(name="b", volumes=DATA)],
            "b",
            id="not-though-somebody-still-has-it-mounted",
        ),
    ],
)
def test_a_replica_goes_to_its_data(
    wanted: Replica, nodes: list[ObservedNode], chosen: str | None
) -> None:
    assert place(wanted, open_ledger(nodes)).node == chosen


def test_who_starts_with_an_old_copy_makes_it_the_one_that_counts() -> None:
    ledger = open_ledger([node(name="a", **OLD), node(name="b", **OLD, cpus=1)])
    reader = replica(name="reader", mounts=mounted())

    places = [place(one, ledger).node for one in (WITH_DATA, reader)]

    assert places == ["a", "a"]
