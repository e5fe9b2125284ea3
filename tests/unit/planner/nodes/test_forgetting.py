"""Is it dead, and what is lost with it?"""

from __future__ import annotations

import pytest

from orchestrate.errors import InputError
from orchestrate.model.journal import NodeRecord
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.planner.nodes.forgetting import loss_of, still_given_up
from tests.builders import (
    LONG_AGO,
    NOW,
    container_of,
    lost,
    mounted,
    node,
    observed,
    project,
    replica,
    service,
    serving,
)

WEB, DB = service(), service(name="db", mounts=mounted())
NOTES = service(name="notes", mounts=mounted(source="notes"))


@pytest.mark.parametrize(
    ("one", "why"),
    [
        pytest.param(node(), "n1 answers: take it out of the inventory", id="answers"),
        pytest.param(
            node(is_leaving=True), "n1 answers, and is leaving: `orchestrate converge`", id="leaves"
        ),
        pytest.param(
            lost(alive_for_consul=True),
            "Consul sees it alive.*switch it off",
            id="alive-for-consul",
        ),
        pytest.param(node(name="n2"), "no node 'n1' is known", id="unknown"),
    ],
)
def test_only_what_is_dead_can_be_given_up(one: ObservedNode, why: str) -> None:
    with pytest.raises(InputError, match=why):
        loss_of("n1", (), observed(one))


def test_what_is_lost_is_what_consul_remembers_and_what_is_nowhere_else() -> None:
    there = lost(replica(WEB), replica(DB))
    other = serving(replica(NOTES), name="n2")
    wanted = project(WEB, DB, NOTES)

    found = loss_of("n1", (wanted,), observed(there, other))

    assert (found.replicas, found.volumes) == (("counter/db.1", "counter/web.1"), ("counter_data",))
    assert str(found) == (
        "n1 is given up with all that is on it: it held counter/db.1, counter/web.1; with it goes the data "
        "of counter_data"
    )


def test_of_one_that_consul_has_forgotten_the_worst_is_said() -> None:
    found = loss_of("n1", (project(DB),), observed(lost(), node(name="n2")))

    assert str(found).endswith("nobody knows what it held; with it goes the data of counter_data")


def test_an_old_copy_elsewhere_saves_nothing() -> None:
    old = node(name="n2", volumes={"counter_data": "counter"}, given_up=frozenset({"counter_data"}))

    found = loss_of("n1", (project(DB),), observed(lost(), old))

    assert found.volumes == ("counter_data",)


VOLUMES = {"counter_data": "counter", "counter_notes": "counter"}
RECORD = NodeRecord(given_up=("counter_data",), given_up_at=NOW)


def with_db(created_at: str) -> ObservedNode:
    made = container_of(replica(DB), created_at=created_at)
    return node(containers=(made,), volumes=VOLUMES)


@pytest.mark.parametrize(
    ("one", "left"),
    [
        pytest.param(node(volumes=VOLUMES), {"counter_data"}, id="the-volume-is-there"),
        pytest.param(with_db(LONG_AGO), {"counter_data"}, id="so-is-who-held-it"),
        pytest.param(with_db("at noon"), {"counter_data"}, id="who-knows-since-when"),
        pytest.param(
            with_db("2027-01-15T08:00:01.123456789Z"), set(), id="somebody-goes-on-with-it"
        ),
        pytest.param(with_db("2027-01-15T10:00:01.5+02:00"), set(), id="in-another-zone"),
        pytest.param(with_db("2027-01-15T10:00:00+02:00"), {"counter_data"}, id="at-that-moment"),
        pytest.param(node(volumes={"counter_notes": "counter"}), set(), id="the-volume-is-gone"),
        pytest.param(node(answered=False), {"counter_data"}, id="silent"),
        pytest.param(node(engine=Part(state="stopped")), {"counter_data"}, id="engine-stopped"),
    ],
)
def test_what_was_given_up_stays_so_until_somebody_goes_on_with_it(
    one: ObservedNode, left: set[str]
) -> None:
    assert still_given_up(one, RECORD, NOW) == left


def test_a_node_whose_clock_is_slow_still_shows_that_a_replica_is_newer() -> None:
    made = container_of(replica(DB), created_at="2027-01-15T07:00:05Z")
    on = node(containers=(made,), volumes=VOLUMES, now=NOW - 3590)

    assert still_given_up(on, RECORD, NOW + 10) == set()


def test_others_volumes_tell_nothing() -> None:
    notes = container_of(replica(NOTES), created_at="2027-01-15T09:00:00Z")

    assert still_given_up(node(containers=(notes,), volumes=VOLUMES), RECORD, NOW) == {
        "counter_data"
    }


def test_one_that_is_forgotten_can_be_forgotten_again() -> None:
    assert loss_of("n1", (), Observed(at=0, forgotten=frozenset({"n1"}))).replicas == ()
