"""Which nodes are told that another one is gone, and when nothing of it is left."""

from __future__ import annotations

import pytest

from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.model.plan import SetPeers
from orchestrate.planner.nodes.leaving import Departures, departures
from tests.builders import NOW, lost, mounted, node, project, service
from tests.observed import RUNNING, altered
from tests.planning import reconciled

PEERS = frozenset({"n1", "n2", "n3"})
GONE = node(
    name="n3",
    is_leaving=True,
    network=Part(state="absent"),
    consul=Part(state="stopped"),
    proxy=Part(state="stopped"),
)


def left_by(*nodes: ObservedNode, standby: tuple[ObservedNode, ...] = ()) -> Departures:
    seen = Observed(at=NOW, nodes=(*nodes, GONE), standby=standby)
    return departures(seen, seen.nodes, ())


def test_hosts_that_stand_by_are_told_and_are_kept_as_peers() -> None:
    idle = node(name="n2", stands_by=True, runs_containers=False, peers=PEERS)

    found = left_by(node(peers=PEERS), standby=(idle,))

    (step,) = found.steps
    told = [one for one in step.actions if isinstance(one, SetPeers)]
    assert [(one.node, one.peers, one.bridged) for one in told] == [
        ("n1", ("n1", "n2"), True),
        ("n2", ("n1", "n2"), True),
    ]
    assert found.departed == ()


def test_it_has_left_when_nobody_that_answers_leads_there() -> None:
    told = node(peers=frozenset({"n2"}))

    assert left_by(told, lost(name="n2", peers=PEERS)).departed == ("n3",)
    assert left_by(told, node(name="n2", peers=PEERS)).departed == ()
    assert left_by(told, standby=(node(name="n2", peers=PEERS),)).departed == ()


DB = service(name="db", mounts=mounted())
DATA = {"counter_data": "counter"}
OLD = frozenset(DATA)


@pytest.mark.parametrize(
    ("given_up_here", "given_up_there", "is_held"),
    [
        pytest.param(frozenset(), frozenset(), False, id="two-copies"),
        pytest.param(frozenset(), OLD, True, id="the-other-is-old"),
        pytest.param(OLD, frozenset(), False, id="this-one-is-old"),
        pytest.param(OLD, OLD, False, id="both-are-old"),
    ],
)
def test_data_that_counts_holds_a_node_where_no_other_has_it(
    given_up_here: frozenset[str], given_up_there: frozenset[str], *, is_held: bool
) -> None:
    gone = altered(GONE, volumes=DATA, given_up=given_up_here)
    other = node(volumes=DATA, given_up=given_up_there)

    found = departures(Observed(at=NOW, nodes=(other, gone)), (other, gone), (project(DB),))

    assert ["volume data of counter/db is on it" in one.reason for one in found.unmet] == [
        True
    ] * is_held
    assert found.departed == (() if is_held else ("n3",))


def test_under_a_limit_nothing_is_forgotten() -> None:
    seen = Observed(at=NOW, nodes=(node(), altered(GONE, availability="leaving")))

    assert reconciled(seen, limit=frozenset({"n1"})).departed == ()
    assert reconciled(seen).departed == ("n3",)


def test_a_node_that_could_not_be_taken_out_waits() -> None:
    running = altered(GONE, consul=RUNNING)

    found = departures(Observed(at=NOW, nodes=(running,)), (), ())

    assert (found.steps, found.departed) == ((), ())
