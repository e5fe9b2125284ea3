"""A slot without a container that anybody can see: where one starts, or why that has to wait."""

from __future__ import annotations

import pytest

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.model.plan import StartReplica, Unmet
from orchestrate.model.settings import Settings
from orchestrate.model.spec.service import Service
from orchestrate.planner.placement.ledger import open_ledger
from orchestrate.planner.services.context import ServiceContext
from orchestrate.planner.services.missing import Unplaced, start_bound, start_missing
from orchestrate.planner.services.slots import Slot, assess
from orchestrate.planner.snapshot import unreadable_in
from orchestrate.scheduler.amounts import Left
from orchestrate.scheduler.filters import Refusal
from tests.builders import (
    GIB,
    lost,
    mounted,
    node,
    observed,
    project,
    registration_of,
    replica,
    reserved,
    service,
    serving,
    silent,
)

WEB, DB = service(), service(name="db", mounts=mounted())
STOPPED = Part(state="stopped")
FREE = node(name="n9")


def started(
    wanted: Service, *nodes: ObservedNode, only: str = ""
) -> StartReplica | Unmet | Unplaced:
    seen = observed(*nodes)
    scene = ServiceContext(
        project=project(wanted),
        service=wanted,
        first=replica(wanted),
        replicas=(),
        observed=seen,
        hidden=unreadable_in(seen),
        ledger=open_ledger(nodes),
        settings=Settings(),
    )
    slot = Slot(replica=replica(wanted), verdict="missing", reason="missing")
    return start_bound(scene, slot, only) if only else start_missing(scene, [slot])[0]


@pytest.mark.parametrize(
    ("wanted", "nodes", "reason"),
    [
        pytest.param(WEB, [node()], "missing", id="nothing-hidden"),
        pytest.param(WEB, [lost(replica(WEB))], "n1 is lost", id="its-node-is-lost"),
        pytest.param(WEB, [silent(replica(WEB, slot=2))], "missing", id="others-are-hidden"),
        pytest.param(
            WEB, [silent(alive_for_consul=True)], "missing", id="the-hidden-node-is-empty"
        ),
        pytest.param(
            WEB,
            [lost()],
            "missing; n1, which may have held it, is lost",
            id="the-unknown-node-is-lost",
        ),
        pytest.param(
            WEB,
            [node(engine=Part(state="absent"), consul=STOPPED)],
            "missing",
            id="bare-nodes-hold-nothing",
        ),
        pytest.param(
            DB,
            [serving(replica(name="x", mounts=mounted())), lost(name="n2")],
            "missing; n2, which may have held it, is lost",
            id="its-data-is-seen",
        ),
    ],
)
def test_it_starts(wanted: Service, nodes: list[ObservedNode], reason: str) -> None:
    found = started(wanted, *nodes, FREE)

    assert isinstance(found, StartReplica)
    assert found.reason == reason


SILENT = "n1, which does not answer; replaced when lost for 30 s"
ALIVE = "n1, which does not answer, but is alive for Consul"


@pytest.mark.parametrize(
    ("wanted", "hidden", "reason"),
    [
        pytest.param(WEB, silent(replica(WEB)), f"on {SILENT}", id="silent"),
        pytest.param(WEB, lost(replica(WEB), alive_for_consul=True), f"on {ALIVE}", id="alive"),
        pytest.param(WEB, silent(), f"may be on {SILENT}", id="unknown-to-consul"),
        pytest.param(
            WEB,
            node(engine=STOPPED, registrations=(registration_of(replica(WEB)),)),
            "on n1, whose Docker Engine is stopped",
            id="engine",
        ),
        pytest.param(
            WEB,
            node(engine=STOPPED, consul=STOPPED),
            "may be on n1, whose Docker Engine is stopped",
            id="engine-and-agent",
        ),
        pytest.param(
            DB,
            lost(replica(DB)),
            "its volume data is on n1, which is lost: give up what is on it by `orchestrate node forget n1`",
            id="data",
        ),
        pytest.param(
            DB,
            lost(),
            "its volume data may be on n1, which cannot be read: "
            "mend that node, or give up what is on it by `orchestrate node forget n1`",
            id="data-perhaps",
        ),
        pytest.param(
            DB,
            node(engine=STOPPED),
            "its volume data may be on n1, which cannot be read: "
            "mend that node, or give up what is on it by `orchestrate node forget n1`",
            id="data-perhaps-under-a-stopped-engine",
        ),
    ],
)
def test_it_waits(wanted: Service, hidden: ObservedNode, reason: str) -> None:
    assert started(wanted, hidden, FREE) == Unmet(subject=f"counter/{wanted.name}.1", reason=reason)


def test_an_old_copy_is_not_what_is_hidden() -> None:
    data = {"counter_data": "counter"}
    old = node(name="n2", volumes=data, given_up=frozenset(data))

    found = started(DB, lost(), old)

    assert isinstance(found, Unmet)
    assert found.reason.startswith("its volume data may be on n1, which cannot be read")


def test_of_two_that_held_it_the_one_that_is_not_lost_counts() -> None:
    for first, second in (("n1", "n2"), ("n2", "n1")):
        found = started(
            WEB, lost(replica(WEB), name=first), silent(replica(WEB), name=second), FREE
        )

        assert isinstance(found, Unmet)
        assert found.reason.startswith(f"on {second}, ")


def test_a_global_services_replica_is_of_its_node() -> None:
    """What others hide does not matter to it."""
    found = started(WEB, silent(replica(WEB)), node(name="n2"), FREE, only="n2")

    assert isinstance(found, StartReplica)
    assert found.node == "n2"


@pytest.mark.parametrize(
    ("only", "nodes"),
    [pytest.param("", (), id="anywhere"), pytest.param("n9", ("n9",), id="there")],
)
def test_where_no_node_takes_it_the_reasons_are_kept(only: str, nodes: tuple[str, ...]) -> None:
    large = service(resources=reserved(memory=2 * GIB))

    found = started(large, FREE, only=only)

    assert found == Unplaced(
        slot=assess(replica(large), (), 60),
        deadline_s=60,
        nodes=nodes,
        refusals=(Refusal("memory, needs 2.0 GiB", ("n9",), Left("memory", GIB)),),
    )
