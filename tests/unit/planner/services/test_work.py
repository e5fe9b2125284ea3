"""The work of one service, by the moment at which it may be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from orchestrate.model.node import Node
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.scope import Scope
from orchestrate.model.settings import Settings
from orchestrate.model.spec.service import Service
from orchestrate.planner.placement.ledger import open_ledger
from orchestrate.planner.services.context import ServiceContext
from orchestrate.planner.services.work import Work, work
from orchestrate.planner.snapshot import replicas_by_service, unreadable_in
from orchestrate.planner.steps import Unit
from orchestrate.views.explain import line
from tests.builders import (
    changed,
    container_of,
    mounted,
    node,
    observed,
    project,
    replica,
    service,
    serving,
    silent,
    update,
)

WEB = service(replicas=2)
GLOBAL = service(mode="global")


def work_of(wanted: Service, *nodes: ObservedNode, limit: frozenset[str] | None = None) -> Work:
    seen = observed(*nodes)
    return work(
        ServiceContext(
            project=project(wanted),
            service=wanted,
            replicas=replicas_by_service(seen).get(("counter", wanted.name), ()),
            first=replica(wanted),
            observed=seen,
            hidden=unreadable_in(seen),
            ledger=open_ledger(nodes),
            settings=Settings(),
            scope=Scope(limit=limit),
        )
    )


def said(units: Sequence[Unit]) -> list[str]:
    return [
        f"{line(action).verb} {unit.label} on {action.node}"
        for unit in units
        for phase in unit.phases
        for action in phase
    ]


def test_what_is_as_it_should_be_is_no_work() -> None:
    done = work_of(WEB, serving(replica(WEB), replica(WEB, slot=2)))

    assert done.is_done
    assert [change.slot.replica.slot for change in done.settled] == [1, 2]


def test_what_is_missing_is_spread_over_the_nodes() -> None:
    done = work_of(WEB, node(), node(name="n2"))

    assert said(done.starts) == ["start counter/web.1 on n1", "start counter/web.2 on n2"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(service(), 0, id="service"),
        pytest.param(service(completes=True, unattended=True), 5, id="job-nobody-waits-for"),
        pytest.param(service(completes=True), 0, id="job"),
    ],
)
def test_a_first_start_need_only_become_healthy(wanted: Service, expected: float) -> None:
    (unit,) = work_of(wanted, node()).starts

    assert [start.monitor_s for start in unit.starts] == [expected]


def test_an_update_that_was_interrupted_has_to_stay_healthy_too() -> None:
    new = container_of(replica(), name="new", state="exited")
    old = serving(replica(image="web:0"))

    done = work_of(service(), node(containers=(*old.engine.containers, new)))

    (unit,) = done.starts
    assert said([unit]) == ["start counter/web.1 on n1", "stop counter/web.1 on n1"]
    assert [start.monitor_s for start in unit.starts] == [5]


@pytest.mark.parametrize(
    "slot",
    [
        pytest.param("3", id="too-high"),
        pytest.param("x", id="no-number"),
        pytest.param("0", id="zero"),
    ],
)
def test_what_holds_no_wanted_slot_goes_last(slot: str) -> None:
    extra = container_of(
        replica(WEB),
        name="extra",
        config={"labels": {**replica(WEB).config["labels"], "orchestrate.slot": slot}},
    )
    there = serving(replica(WEB), replica(WEB, slot=2))

    done = work_of(
        WEB,
        node(
            containers=(*there.engine.containers, extra), registrations=there.consul.registrations
        ),
    )

    assert [action.reason for unit in done.last for phase in unit.phases for action in phase] == [
        "surplus"
    ]
    assert (done.at_once, done.starts, [*done.rollout.changes]) == ((), (), [])


def test_a_second_holder_of_a_slot_goes_at_once() -> None:
    done = work_of(
        changed(WEB, replicas=1), serving(replica(WEB)), serving(replica(WEB), name="n2")
    )

    assert said(done.superseded) == ["stop counter/web.1 on n2"]


DB = service(name="db", mounts=mounted())
OLD = serving(replica(DB), given_up=frozenset({"counter_data"}))
UNSOUND = container_of(replica(DB), state="exited", exit_code=1)


@pytest.mark.parametrize(
    ("wanted", "nodes", "superseded"),
    [
        pytest.param(DB, [OLD], [], id="nobody-else"),
        pytest.param(DB, [OLD, serving(replica(DB), name="n2")], ["n1"], id="one-that-serves"),
        pytest.param(DB, [OLD, node(name="n2", containers=(UNSOUND,))], ["n1"], id="unsound"),
        pytest.param(
            DB,
            [OLD, serving(replica(DB), name="n2", availability="draining")],
            ["n1"],
            id="drained",
        ),
        pytest.param(DB, [OLD, silent(replica(DB), name="n2")], ["n1"], id="hidden"),
        pytest.param(DB, [OLD, silent(replica(DB, slot=2), name="n2")], [], id="of-another-slot"),
        pytest.param(DB, [OLD, replace(OLD, node=Node(name="n2"))], ["n2"], id="both-given-up"),
        pytest.param(
            changed(DB, mode="global"),
            [OLD, serving(replica(DB), name="n2"), silent(replica(DB), name="n3")],
            [],
            id="each-node-has-its-own",
        ),
    ],
)
def test_who_holds_what_was_given_up_gives_way(
    wanted: Service, nodes: list[ObservedNode], superseded: list[str]
) -> None:
    done = work_of(wanted, *nodes)

    assert said(done.superseded) == [f"stop counter/db.1 on {name}" for name in superseded]


@pytest.mark.parametrize(
    ("nodes", "starts", "last"),
    [
        pytest.param(
            [serving(replica(GLOBAL)), node(name="n2")],
            ["start counter/web.1 on n2"],
            [],
            id="one-on-each",
        ),
        pytest.param([node(availability="cordoned")], [], [], id="not-on-a-cordoned-one"),
        pytest.param(
            [serving(replica(GLOBAL), availability="cordoned")], [], [], id="but-there-it-stays"
        ),
        pytest.param(
            [serving(replica(GLOBAL), runs_containers=False)],
            [],
            ["stop counter/web.1 on n1"],
            id="not-where-nothing-runs",
        ),
    ],
)
def test_a_global_service(nodes: list[ObservedNode], starts: list[str], last: list[str]) -> None:
    done = work_of(GLOBAL, *nodes)

    assert (said(done.starts), said(done.last)) == (starts, last)
    assert (done.unmet, done.unplaced) == ((), ())


@pytest.mark.parametrize("parallelism", [0, 1, 2])
def test_what_is_outdated_is_replaced_so_many_at_a_time(parallelism: int) -> None:
    wanted = changed(WEB, image="web:2", update=update(parallelism=parallelism))

    done = work_of(wanted, serving(replica(WEB), replica(WEB, slot=2)))

    assert [change.slot.replica.slot for change in done.rollout.changes] == [1, 2]
    assert done.rollout.parallelism == parallelism
