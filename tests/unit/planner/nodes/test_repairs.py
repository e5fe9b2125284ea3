"""The parts of a node that carry the replicas."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.observed.parts import Part
from orchestrate.model.plan import Repair
from orchestrate.planner.nodes.repairs import repairs
from tests.builders import node, silent

STOPPED, ABSENT = Part(state="stopped"), Part(state="absent")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({}, [], id="sound"),
        pytest.param(
            {"engine": STOPPED}, [("engine", "the Docker Engine is stopped")], id="engine"
        ),
        pytest.param(
            {"network": Part(state="drifted", problems=("no route", "no bridge"))},
            [("network", "no route; no bridge")],
            id="network",
        ),
        pytest.param({"consul": STOPPED}, [("consul", "the Consul agent is stopped")], id="consul"),
        pytest.param({"engine": STOPPED, "runs_containers": False}, [], id="engine-of-no-node"),
        pytest.param({"answered": False, "engine": STOPPED}, [], id="silent"),
        pytest.param({"engine": ABSENT, "network": Part(state="drifted")}, [], id="bare"),
        pytest.param({"proxy": STOPPED, "proxies": True}, [], id="proxies-are-configured-later"),
        pytest.param(
            {"proxy": ABSENT, "proxies": True, "consul": STOPPED},
            [("consul", "the Consul agent is stopped")],
            id="what-is-not-the-proxy's-is-mended",
        ),
    ],
)
def test_a_part_is_repaired(fields: dict[str, Any], said: list[tuple[str, str]]) -> None:
    steps, _ = repairs([node(**fields)])

    actions = [action for step in steps for action in step.actions if isinstance(action, Repair)]
    assert [(action.role, action.reason) for action in actions] == said


def test_parts_are_repaired_in_the_order_in_which_they_need_each_other() -> None:
    broken = {"engine": STOPPED, "network": Part(state="drifted"), "consul": STOPPED}

    steps, _ = repairs([node(name="n1", **broken), node(name="n2", **broken)])

    assert [step.title for step in steps] == [
        "Repair the Docker Engine",
        "Repair the network",
        "Repair the Consul agent",
    ]
    assert [len(step.actions) for step in steps] == [2, 2, 2]


def test_what_was_tried_in_vain_is_left_for_the_next_cycle() -> None:
    nodes = [node(name=name, consul=STOPPED) for name in ("n1", "n2")]

    steps, left = repairs(nodes, unrepaired={"n1"})

    assert [action.node for step in steps for action in step.actions] == ["n2"]
    assert [(one.subject, one.reason) for one in left] == [
        ("n1", "could not be mended; the next cycle tries again")
    ]


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        pytest.param({"engine": ABSENT}, "Docker Engine", id="engine"),
        pytest.param({"network": ABSENT, "consul": ABSENT}, "network, Consul agent", id="two"),
        pytest.param({"proxies": True, "proxy": ABSENT}, "HAProxy", id="proxy"),
    ],
)
def test_what_was_never_provisioned_is_said(fields: dict[str, Any], missing: str) -> None:
    _, bare = repairs([node(**fields), silent(name="n2")])

    assert [one.reason for one in bare] == [
        f"not provisioned ({missing} missing): run `orchestrate provision`"
    ]
