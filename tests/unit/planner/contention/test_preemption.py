"""The more important makes room for itself, where it fits nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.budget import Budget
from orchestrate.model.desired import Desired
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan, StartReplica, StopReplica
from orchestrate.model.spec.lifecycle import Dependency
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.service import Service
from orchestrate.planner.reconcile import reconcile
from orchestrate.views.explain import line
from tests.builders import (
    GIB,
    container_of,
    mounted,
    observed,
    project,
    replica,
    reserved,
    service,
    serving,
)
from tests.planning import reconciled

HALF = GIB // 2
WEB = service(name="web", priority=10, resources=reserved(memory=GIB))


def batch(name: str = "batch", *, memory: int = HALF, **fields: Any) -> Service:
    return service(name=name, resources=reserved(memory=memory), **fields)


def plan(services: list[Service], *nodes: ObservedNode, **desired: Any) -> Plan:
    return reconciled(observed(*nodes), projects=(project(*services),), **desired)


def said(found: Plan) -> list[str]:
    return [
        f"{line(action).sign}{action.node} {line(action).subject.removeprefix('counter/')}"
        for action in found.actions
        if isinstance(action, StartReplica | StopReplica)
    ]


def waiting(found: Plan) -> list[str]:
    return [one.subject.removeprefix("counter/") for one in found.unmet]


def on(name: str, *wanted: Service, memory: int = GIB, **fields: Any) -> ObservedNode:
    """A node that is filled by the first replica of each of these."""
    return serving(*map(replica, wanted), name=name, memory=memory, **fields)


def test_who_is_pushed_out_is_told_by_whom() -> None:
    low = batch(memory=GIB)

    found = plan([low, WEB], on("n1", low))

    (stop,) = [one for one in found.actions if isinstance(one, StopReplica)]
    assert stop.reason == "makes room for counter/web.1, which is more important"
    assert said(found) == ["-n1 batch.1", "+n1 web.1"]
    assert [(one.subject, one.is_unplaced, one.reason) for one in found.unmet] == [
        (
            "counter/batch.1",
            True,
            "fits nowhere: 1 node: memory, needs 1.0 GiB, the freest has 0.0 GiB",
        )
    ]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"priority": 10}, id="equal"),
        pytest.param({"priority": 11}, id="more-important"),
        pytest.param({"mounts": mounted()}, id="its-data-is-there"),
        pytest.param({"budget": Budget(max_unavailable=0)}, id="its-budget"),
        pytest.param({"memory": HALF}, id="it-would-not-do"),
    ],
)
def test_who_is_not_pushed_out(other: dict[str, Any]) -> None:
    low = batch(**{"memory": GIB} | other)
    beside = batch("beside", priority=10)
    here = [low, beside] if low.deploy.resources.reserved_memory == HALF else [low]

    found = plan([*here, WEB], on("n1", *here))

    assert (found.steps, waiting(found)) == ((), ["web.1"])


def test_the_less_important_goes_though_it_takes_more_of_them() -> None:
    middle = batch("middle", memory=GIB, priority=5)
    low, lower = batch("low"), batch("lower")

    found = plan([middle, low, lower, WEB], on("n1", middle), on("n2", low, lower))

    assert said(found) == ["-n2 low.1", "-n2 lower.1", "+n2 web.1"]


def test_of_equals_the_fewest_go() -> None:
    large, small, other = batch("large", memory=GIB), batch("small"), batch("other")

    found = plan([large, small, other, WEB], on("n1", small, other), on("n2", large))

    assert said(found) == ["-n2 large.1", "+n2 web.1"]


def test_who_has_room_elsewhere_goes_rather_than_who_has_none() -> None:
    """And starts there first."""
    large, small = batch("large", memory=GIB), batch("small")

    found = plan([large, small, WEB], on("n1", large), on("n2", small), on("n3", memory=HALF))

    assert said(found) == ["+n3 small.1", "-n2 small.1", "+n2 web.1"]
    assert waiting(found) == []
    assert [step.title for step in found.steps if "Start" in step.title] == [
        "Start counter/web.1 (1 of 2)",
        "Start counter/web.1 (2 of 2)",
    ]


def test_a_budget_is_spent_once() -> None:
    """Two are needed, and one may be missed."""
    low = batch(replicas=2, budget=Budget(max_unavailable=1))
    there = serving(replica(low), replica(low, slot=2), name="n1", memory=GIB)
    small = service(name="web", priority=10, replicas=2, resources=reserved(memory=HALF))

    found = plan([low, small], there)

    assert said(found) == ["-n1 batch.2", "+n1 web.1"]
    assert waiting(found) == ["web.2", "batch.2"]


def test_what_serves_nobody_needs_no_budget() -> None:
    low = batch(memory=GIB, budget=Budget(max_unavailable=0))
    crashing = container_of(replica(low), state="restarting", restarts=9)
    there = serving(name="n1", memory=GIB, containers=(crashing,))

    found = plan([low, WEB], there)

    assert said(found) == ["-n1 batch.1", "+n1 web.1"]


def test_who_is_pushed_out_pushes_out_who_is_less_important_still() -> None:
    middle = batch("middle", memory=GIB, priority=5)
    low = batch("low")
    web = service(
        name="web",
        priority=10,
        resources=reserved(memory=GIB),
        constraints=("node.hostname == n1",),
    )

    found = plan([middle, low, web], on("n1", middle), on("n2", low))

    assert said(found) == ["-n1 middle.1", "+n1 web.1", "-n2 low.1", "+n2 middle.1"]
    assert waiting(found) == ["low.1"]


def test_under_a_limit_no_other_node_is_touched() -> None:
    low, small = batch(memory=GIB), batch("small")
    nodes = on("n1", low), on("n2", small), on("n3", memory=HALF)

    found = plan([low, small, WEB], *nodes, limit=frozenset({"n2"}))
    nothing = plan([low, small, WEB], *nodes, limit=frozenset({"n3"}))

    assert said(found) == ["-n2 small.1", "+n2 web.1"]
    assert said(nothing) == []


def test_room_is_made_where_its_data_is() -> None:
    """Though less would have to go elsewhere, it starts on no empty disk."""
    low, lower = batch(memory=GIB), batch("lower", memory=GIB, priority=-1)
    db = service(name="db", priority=10, resources=reserved(memory=HALF), mounts=mounted())

    found = plan(
        [low, lower, db], on("n1", lower), on("n2", low, volumes={"counter_data": "counter"})
    )

    assert said(found)[:2] == ["-n2 batch.1", "+n2 db.1"]


def test_nobody_goes_for_room_that_comes_anyway() -> None:
    """What no file has any more stops at the end of the plan; the next one uses its room."""
    low, gone = batch(memory=GIB), batch("gone", memory=GIB)

    found = plan([low, WEB], on("n1", low), on("n2", gone))

    assert said(found) == ["-n2 gone.1"]
    assert [one.reason.partition(":")[0] for one in found.unmet] == ["waits for room"]


def test_the_more_important_is_placed_first_and_what_it_needs() -> None:
    db = batch("db")
    web = service(
        name="web",
        priority=10,
        resources=reserved(memory=HALF),
        depends_on=(Dependency(service="db"),),
    )
    other = batch("a", priority=5)

    found = plan([other, db, web], on("n1"))

    assert said(found) == ["+n1 db.1", "+n1 web.1"]
    assert waiting(found) == ["a.1"]


def test_projects_compete_too() -> None:
    low = service(name="web", resources=reserved(memory=GIB))
    there = serving(replica(low, of="alpha"), name="n1")
    projects: tuple[Project, ...] = (project(low, name="alpha"), project(WEB, name="beta"))

    found = reconcile(Desired(projects=projects), observed(there))

    assert said(found) == ["-n1 alpha/web.1", "+n1 beta/web.1"]


def test_addresses_are_lent_once() -> None:
    """What starts for somebody who is pushed gets another than what starts in the same plan."""
    low = batch(memory=GIB)
    tiny = service(name="tiny", priority=10)
    there = on("n1", low, subnet="10.210.1.0/24", gateway="10.210.1.1")

    found = plan([low, tiny, WEB], there)

    addresses = [one.address for one in found.starts]
    assert len(addresses) == len(set(addresses)) == 2
