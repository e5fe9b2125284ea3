"""Nodes that do not answer."""

from __future__ import annotations

import pytest

from orchestrate.errors import UnreachableError
from orchestrate.model.observed.node import ObservedNode
from orchestrate.planner.nodes.unreachable import is_controller_suspect, refuse_when_suspect
from orchestrate.planner.nodes.unreachable import unreachable as said
from orchestrate.planner.snapshot import is_lost
from tests.builders import NOW, lost, node, observed, silent
from tests.planning import settings_with

SETTINGS = settings_with(lost_after_s=30)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        pytest.param(node(), False, id="answers"),
        pytest.param(silent(unknown_since=NOW - 29), False, id="not-long-enough"),
        pytest.param(silent(unknown_since=NOW - 30), True, id="long-enough"),
        pytest.param(silent(unknown_since=None), False, id="since-now"),
        pytest.param(lost(alive_for_consul=True), False, id="alive-for-consul"),
    ],
)
def test_unreachable_is_not_lost(one: ObservedNode, expected: bool) -> None:
    assert is_lost(one, NOW, SETTINGS) is expected


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        pytest.param(
            silent(detail="timed out"),
            "does not answer (timed out); its replicas stay its own until it is lost for 30 s",
            id="silent",
        ),
        pytest.param(
            silent(alive_for_consul=True),
            "does not answer, but Consul sees it alive: nothing is moved",
            id="alive",
        ),
        pytest.param(lost(), "does not answer; lost, Consul agrees", id="lost"),
    ],
)
def test_what_is_known_of_it_is_said(one: ObservedNode, reason: str) -> None:
    (found,) = said(observed(node(name="n2"), one), SETTINGS)

    assert (found.subject, found.reason) == ("n1", reason)


@pytest.mark.parametrize(
    ("quiet", "of", "suspect"),
    [
        pytest.param(0, 3, False, id="none"),
        pytest.param(1, 3, False, id="one-of-three"),
        pytest.param(1, 2, False, id="half"),
        pytest.param(2, 3, True, id="most"),
        pytest.param(1, 1, True, id="the-only-one"),
        pytest.param(0, 0, False, id="no-nodes"),
    ],
)
def test_many_at_once_are_rather_the_controller(quiet: int, of: int, suspect: bool) -> None:
    nodes = [silent(name=f"s{n}") for n in range(quiet)] + [
        node(name=f"n{n}") for n in range(of - quiet)
    ]

    assert is_controller_suspect(observed(*nodes), SETTINGS) is suspect


def test_then_no_cycle_begins() -> None:
    with pytest.raises(UnreachableError, match=r"^s1, s2: 67% of the nodes do not answer"):
        refuse_when_suspect(observed(silent(name="s1"), silent(name="s2"), node()), SETTINGS)
