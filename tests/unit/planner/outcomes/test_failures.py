"""What of a run counts as a failed start, for how long, and what then becomes of the replica."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.desired import Desired
from orchestrate.model.journal import FailedStart
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Action, Plan, PullImage, StartReplica, Step, StopReplica
from orchestrate.model.report import Failure, Outcome
from orchestrate.model.spec.service import Service
from orchestrate.planner.outcomes.failures import failed_lately, noted
from orchestrate.planner.reconcile import reconcile
from orchestrate.spec.constraints import parse_constraint
from tests.builders import (
    NOW,
    changed,
    container_of,
    mounted,
    node,
    observed,
    on_proxies,
    project,
    registration_of,
    replica,
    service,
    serving,
)

WEB = service(image="web:1", expose=(80,))
A, B = replica(WEB, of="a"), replica(WEB, of="b")
START_A, START_B = (StartReplica(node="n1", replica=one, reason="missing") for one in (A, B))
PULL = PullImage(node="n1", image="web:1", reason="not on the node")
STOP = StopReplica(node="n1", name="a-old", label="a/web.1", reason="surplus")
A_FAILED, B_FAILED = (
    FailedStart(node="n1", project=one.project, service="web", revision=one.revision, at=NOW)
    for one in (A, B)
)


def steps(*found: tuple[Action, ...]) -> Plan:
    return Plan(
        steps=tuple(Step(title=str(number), actions=one) for number, one in enumerate(found))
    )


def failed(action: Action | None, step: int) -> Outcome:
    failure = Failure(node="n1", task="", message="no", step=str(step), action=action)
    return Outcome(failures=(failure,))


PLAN = steps((PULL,), (STOP,), (START_A, START_B))


@pytest.mark.parametrize(
    ("outcome", "found"),
    [
        pytest.param(failed(START_A, 2), [A_FAILED], id="a-start"),
        pytest.param(failed(None, 2), [A_FAILED, B_FAILED], id="all-of-a-node"),
        pytest.param(failed(PULL, 0), [A_FAILED, B_FAILED], id="a-pull"),
        pytest.param(failed(STOP, 1), [], id="a-stop"),
        pytest.param(Outcome(completed=("0", "1", "2")), [], id="nothing"),
    ],
)
def test_what_did_not_start_is_noted(outcome: Outcome, found: list[FailedStart]) -> None:
    assert list(noted((), PLAN, outcome, NOW)) == found


def test_what_is_long_ago_is_forgotten() -> None:
    later = noted((A_FAILED,), PLAN, failed(START_B, 2), NOW + 899)
    last = noted(later, PLAN, failed(START_B, 2), NOW + 900)

    assert [(one.project, one.at - NOW) for one in later] == [("a", 0), ("b", 899)]
    assert [(one.project, one.at - NOW) for one in last] == [("b", 899), ("b", 900)]
    assert failed_lately(later, NOW + 900) == {"n1": {("b", "web", B.revision): 1}}
    assert failed_lately(last, NOW + 900) == {"n1": {("b", "web", B.revision): 2}}


def test_there_is_an_end_to_what_is_remembered() -> None:
    found = noted([A_FAILED] * 5000, PLAN, failed(START_B, 2), NOW)

    assert (len(found), found[-1]) == (1000, B_FAILED)


def test_the_clock_of_another_controller_may_go_before_ours() -> None:
    assert failed_lately((A_FAILED,), NOW - 60)
    assert not failed_lately((A_FAILED,), NOW - 86400)


def crashed(one: Service, **fields: Any) -> ObservedNode:
    """A node on which it came up never, and failed to start lately."""
    wanted = replica(one)
    state: dict[str, Any] = {"state": "restarting", "exit_code": 1, "restarts": 3}
    known: dict[str, Any] = {
        "containers": (container_of(wanted, **state | fields.pop("container", {})),),
        "registrations": (registration_of(wanted, status="critical"),),
        "failed": {("counter", "web", wanted.revision): 1},
    }
    return serving(wanted, **known | fields)


def destinations(one: Service, *nodes: ObservedNode) -> list[str]:
    plan = reconcile(Desired(projects=(project(one),)), observed(*nodes))
    return [start.node for start in plan.starts]


@pytest.mark.parametrize(
    ("state", "nodes"),
    [
        pytest.param({}, ["n2"], id="crashes"),
        pytest.param({"state": "exited"}, ["n2"], id="ended"),
        pytest.param({"state": "created"}, ["n2"], id="never-ran"),
        pytest.param({"state": "running", "restarts": 0}, ["n2"], id="not-passing"),
        pytest.param({"state": "running", "health": "unhealthy"}, ["n2"], id="unhealthy"),
        pytest.param({"state": "paused"}, ["n1"], id="paused"),
    ],
)
def test_what_did_not_come_up_is_tried_elsewhere(state: dict[str, Any], nodes: list[str]) -> None:
    assert destinations(WEB, crashed(WEB, container=state), node(name="n2")) == nodes


@pytest.mark.parametrize(
    ("fields", "others"),
    [
        pytest.param({"mode": "global"}, [], id="bound-to-its-node"),
        pytest.param({"completes": True, "unattended": True}, [], id="runs-once"),
        pytest.param({"mounts": mounted()}, [], id="its-data-is-there"),
        pytest.param(
            {"constraints": (parse_constraint("node.hostname == n1"),)}, [], id="fits-nowhere-else"
        ),
        pytest.param({}, ["n2"], id="failed-there-too"),
        pytest.param({}, ["n3", "n4"], id="failed-on-three-nodes"),
    ],
)
def test_but_not_in_vain(fields: dict[str, Any], others: list[str]) -> None:
    one = changed(WEB, **fields)
    here = crashed(one)
    two = node(name="n2", availability="cordoned" if fields.get("mode") else "active")
    failed_too = [node(name=name, failed=here.record.failed) for name in others]
    rest = [] if others == ["n2"] else [two]

    assert destinations(one, here, *rest, *failed_too) == []


def test_what_serves_in_its_place_is_left_alone() -> None:
    old = replica(changed(WEB, image="web:0"))
    here = crashed(WEB)
    both = crashed(
        WEB,
        containers=(*here.engine.containers, container_of(old, address="10.210.0.8")),
        registrations=(*here.consul.registrations, registration_of(old, address="10.210.0.8")),
    )

    assert destinations(WEB, both, node(name="n2")) == []


def test_another_revision_starts_with_a_clean_sheet() -> None:
    assert destinations(changed(WEB, image="web:2"), crashed(WEB), node(name="n2")) == ["n1"]


def test_a_replica_that_is_to_change_and_failed_to_start_here_goes_elsewhere() -> None:
    """Its container was never made, as its port is taken by what the engine does not know of."""
    new = changed(WEB, image="web:2", ports=on_proxies(80))
    lately = {("counter", "web", replica(new).revision): 1}

    assert destinations(new, serving(replica(WEB), failed=lately), node(name="n2")) == ["n2"]
