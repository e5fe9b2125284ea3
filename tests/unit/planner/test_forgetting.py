"""Is it dead, and what is lost with it?"""

from __future__ import annotations

import pytest

from orchestrate.errors import InputError
from orchestrate.model.observed import Observed, ObservedNode
from orchestrate.planner.forgetting import loss_of
from tests.builders import lost, mounted, node, observed, project, replica, service, serving

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


def test_one_that_is_forgotten_can_be_forgotten_again() -> None:
    assert loss_of("n1", (), Observed(at=0, forgotten=frozenset({"n1"}))).replicas == ()
