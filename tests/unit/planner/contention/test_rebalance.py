"""Even afterwards, by no move too many."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan, StartReplica, StopReplica
from orchestrate.model.spec.service import Service
from tests.builders import (
    GIB,
    changed,
    container_of,
    mounted,
    node,
    observed,
    project,
    published,
    replica,
    reserved,
    service,
    serving,
    silent,
    update,
)
from tests.planning import reconciled

WEB, API, JOB = service(name="web"), service(name="api"), service(name="job")


def running(name: str, *slots: tuple[Service, int], **fields: Any) -> ObservedNode:
    return serving(*(replica(one, slot=slot) for one, slot in slots), name=name, **fields)


def rebalance(*nodes: ObservedNode, services: tuple[Service, ...]) -> Plan:
    """The plan for as many replicas of each service as there are."""
    count = Counter(one.service for each in nodes for one in each.engine.containers)
    wanted = [
        one if one.deploy.mode == "global" else changed(one, replicas=count[one.name])
        for one in services
    ]
    return reconciled(observed(*nodes), projects=(project(*wanted),), rebalances=True)


def moves(plan: Plan) -> list[str]:
    assert plan.unmet == ()
    starts = {one.replica.label: one.node for one in plan.actions if isinstance(one, StartReplica)}
    stops = {one.label: one.node for one in plan.actions if isinstance(one, StopReplica)}
    assert starts.keys() == stops.keys()
    return [f"{label} {stops[label]}-{to}" for label, to in sorted(starts.items())]


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        pytest.param([running("n1", (WEB, 1)), node(name="n2")], [], id="one-is-even"),
        pytest.param(
            [running("n1", (WEB, 1), (WEB, 2)), running("n2", (WEB, 3))], [], id="by-one-is-even"
        ),
        pytest.param(
            [running("n1", (WEB, 1), (WEB, 2)), node(name="n2")], ["counter/web.2 n1-n2"], id="two"
        ),
        pytest.param(
            [running("n1", (WEB, 1), (WEB, 2), (WEB, 3), (WEB, 4)), node(name="n2")],
            ["counter/web.3 n1-n2", "counter/web.4 n1-n2"],
            id="half",
        ),
        pytest.param(
            [running("n1", (WEB, 1), (API, 1), (JOB, 1)), running("n2"), running("n3")],
            ["counter/api.1 n1-n2", "counter/job.1 n1-n3"],
            id="by-all-replicas",
        ),
        pytest.param(
            [
                running("n1", (WEB, 1), (WEB, 2)),
                node(name="n2", failed={("counter", "web", replica(WEB).revision): 1}),
            ],
            [],
            id="failed-to-start-there",
        ),
        pytest.param(
            [running("n1", (WEB, 1), (WEB, 2)), node(name="n2", availability="cordoned")],
            [],
            id="cordoned",
        ),
        pytest.param(
            [running("n1", (WEB, 1), (WEB, 2)), silent(name="n2"), node(name="n3")],
            None,
            id="a-node-is-silent",
        ),
        pytest.param(
            [
                running("n1", (WEB, 1), (WEB, 2), registrations=()),
                node(name="n2"),
                node(name="n3"),
            ],
            None,
            id="something-else-to-do",
        ),
    ],
)
def test_what_moves(nodes: list[ObservedNode], expected: list[str] | None) -> None:
    found = {one.service for each in nodes for one in each.engine.containers}
    plan = rebalance(*nodes, services=tuple(one for one in (API, JOB, WEB) if one.name in found))

    if expected is None:
        assert not any("rebalance" in one.reason for one in plan.actions)
    else:
        assert moves(plan) == expected


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"mounts": mounted()}, id="volume"),
        pytest.param({"ports": published(80)}, id="port"),
        pytest.param({"strategy": "binpack"}, id="binpack"),
        pytest.param({"constraints": ("node.hostname == n1",)}, id="constraint"),
        pytest.param({"resources": reserved(memory=GIB)}, id="no-room"),
        pytest.param({"mode": "global", "constraints": ("node.hostname == n1",)}, id="global"),
    ],
)
def test_what_stays(fields: dict[str, Any]) -> None:
    one = service(name="web", **fields)
    slots = (
        [1] if one.deploy.mode == "global" or one.storage.mounts or one.network.ports else [1, 2]
    )
    crowd = [(service(name="job"), slot) for slot in (1, 2)]
    here = running("n1", *((one, slot) for slot in slots), memory=4 * GIB)
    there = running("n2", *crowd, memory=GIB // 2)

    plan = rebalance(here, there, services=(service(name="job"), one))

    assert [move for move in moves(plan) if "web" in move] == []


def test_a_job_that_is_done_is_not_done_again() -> None:
    job = service(name="job", mode="replicated-job", completes=True, restart="no")
    done = [container_of(replica(job, slot=slot), state="exited") for slot in (1, 2)]
    here = running("n1", (job, 1), (job, 2), containers=tuple(done))

    plan = rebalance(here, node(name="n2"), services=(job,))

    assert (plan.steps, plan.unmet) == ((), ())


def test_it_starts_elsewhere_first_and_batch_by_batch() -> None:
    web = service(name="web", update=update(parallelism=2))
    crowded = running("n1", *((web, slot) for slot in range(1, 7)))

    plan = rebalance(crowded, node(name="n2"), services=(web,))

    assert [
        [("start" if isinstance(one, StartReplica) else "stop") for one in step.actions]
        for step in plan.steps
        if step.title.startswith("Replace")
    ] == [["start"] * 2, ["stop"] * 2, ["start"], ["stop"]]
    assert plan.actions[-1].reason == "rebalance: n2 has less to do than n1"
