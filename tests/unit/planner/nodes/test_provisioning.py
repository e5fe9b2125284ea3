"""Which hosts a cycle makes nodes of, and which it leaves to a person."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.desired import Desired
from orchestrate.model.observed.node import ObservedNode
from orchestrate.planner.nodes.provisioning import provisioning
from orchestrate.planner.reconcile import reconcile
from orchestrate.views.explain import explain
from tests.builders import node, observed
from tests.observed import ABSENT, STOPPED
from tests.planning import parted

BARE: dict[str, Any] = {"engine": ABSENT, "network": ABSENT, "consul": ABSENT}


def told(one: ObservedNode, **fields: Any) -> list[str]:
    return list(explain(provisioning(observed(node(), one), *parted(**fields)[1:])))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param(BARE, "new in the inventory", id="new"),
        pytest.param(BARE | {"engine": STOPPED}, "new in the inventory", id="new-with-an-engine"),
        pytest.param({"engine": ABSENT}, "Docker Engine missing", id="engine"),
        pytest.param({"proxies": True, "proxy": ABSENT}, "HAProxy missing", id="proxy"),
        pytest.param(
            {"serves_consul": True, "engine": ABSENT}, "Docker Engine missing", id="server"
        ),
    ],
)
def test_what_is_missing_is_made(fields: dict[str, Any], reason: str) -> None:
    assert told(node(name="n4", **fields)) == [
        "1. Provision n4, then plan anew",
        f"   + n4: provision ({reason})",
    ]


@pytest.mark.parametrize(
    ("fields", "desired"),
    [
        pytest.param({"answered": False, **BARE}, {}, id="silent"),
        pytest.param({"engine": STOPPED}, {}, id="only-stopped"),
        pytest.param({"runs_containers": False, **BARE}, {}, id="no-node"),
        pytest.param({"serves_consul": True, **BARE}, {}, id="would-elect"),
        pytest.param({"availability": "cordoned", **BARE}, {}, id="cordoned"),
        pytest.param(BARE, {"limit": frozenset({"n1"})}, id="not-to-be-changed"),
        pytest.param(BARE, {"unrepaired": frozenset({"n4"})}, id="failed"),
        pytest.param(BARE, {"provisioned": frozenset({"n4"})}, id="tried"),
    ],
)
def test_the_others_are_left_alone(fields: dict[str, Any], desired: dict[str, Any]) -> None:
    assert told(node(name="n4", **fields), **desired) == []


def test_the_nodes_that_answer_learn_of_it() -> None:
    nodes = (
        node(name="n1"),
        node(name="n2", answered=False),
        node(name="n3", runs_containers=False, proxies=True, proxy=ABSENT),
        node(name="n4", **BARE),
        node(name="n5", availability="draining"),
    )

    plan = reconcile(Desired(), observed(*nodes))

    assert plan.hosts == ("n1", "n4", "n5")
    assert plan.silent == ("n2",)
    assert [one.subject for one in plan.unmet] == ["n2"]
