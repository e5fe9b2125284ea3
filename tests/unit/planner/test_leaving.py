"""Which nodes are told that another one is gone, and when nothing of it is left."""

from __future__ import annotations

from dataclasses import replace

from orchestrate.model.observed import Observed, ObservedNode, Part
from orchestrate.model.plan import SetPeers
from orchestrate.planner.desired import Desired
from orchestrate.planner.leaving import Departures, departures
from tests.builders import NOW, lost, node

PEERS = frozenset({"n1", "n2", "n3"})
GONE = node(
    name="n3",
    is_leaving=True,
    network=Part(state="absent"),
    consul=Part(state="stopped"),
    proxy=Part(state="stopped"),
)


def left_by(*nodes: ObservedNode, standby: tuple[ObservedNode, ...] = ()) -> Departures:
    return departures(Observed(at=NOW, nodes=(*nodes, GONE), standby=standby), Desired())


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


def test_under_a_limit_nothing_is_forgotten() -> None:
    observed = Observed(at=NOW, nodes=(GONE,))

    assert departures(observed, Desired(limit=frozenset({"n1"}))).departed == ()


def test_a_node_that_could_not_be_taken_out_waits() -> None:
    running = replace(GONE, consul=Part())

    found = departures(Observed(at=NOW, nodes=(running,)), Desired(), {"n3"})

    assert (found.steps, found.departed) == ((), ())
