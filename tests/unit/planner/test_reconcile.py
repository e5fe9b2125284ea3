"""Whole plans: what depends on more than one service. More of them stand in tests/cases/plan."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.model.plan import ConfigureProxy, Plan, RemoveVolume, StartReplica, StopReplica
from orchestrate.model.spec.lifecycle import Healthcheck
from orchestrate.model.spec.project import Project
from tests.builders import (
    GIB,
    changed,
    container_of,
    ingress,
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
    update,
)
from tests.planning import reconciled

WEB, DB = service(expose=(80,), replicas=1), service(name="db", mounts=mounted())


def plan(
    *nodes: ObservedNode, wanted: tuple[Project, ...] = (project(WEB),), **fields: Any
) -> Plan:
    return reconciled(observed(*nodes), projects=wanted, **fields)


def titles(found: Plan) -> list[str]:
    return [step.title for step in found.steps]


def test_steps_come_in_the_order_of_the_docstring() -> None:
    ghost = registration_of(replica(slot=9), id="gone")
    on = serving(
        replica(image="web:0", expose=(80,)),
        replica(name="x", expose=(80,)),
        network=Part(state="drifted"),
        proxies=True,
    )
    on = node(
        network=on.network,
        proxies=True,
        containers=on.engine.containers,
        registrations=(on.consul.registrations[0], ghost),
    )
    services = (WEB, service(name="x", expose=(80,)), service(name="y", ingress=ingress()))
    old = container_of(replica(name="old"))

    found = plan(
        on,
        node(name="n2", containers=(old,), volumes={"past_data": "past"}),
        wanted=(project(*services), project(DB, name="past")),
    )

    assert titles(found) == [
        "Repair the network",
        "Pull images",
        "Deregister replicas without a container",
        "Put right counter/x.1",
        "Start counter/y.1, past/db.1",
        "Replace counter/web.1",
        "Configure the proxies",
        "Stop counter/old.1",
    ]


def test_what_a_project_failed_at_is_left_for_the_next_cycle() -> None:
    wanted = (project(WEB, name="a"), project(WEB, DB, name="b"))
    on = serving(replica(WEB, of="a", slot=2), volumes={"a_data": "a"})

    found = plan(on, wanted=wanted, failed={"a": "why"}, purged=frozenset("a"))

    assert {one.replica.project for one in found.starts} == {"b"}
    assert not [one for one in found.actions if isinstance(one, StopReplica)]
    assert [(one.subject, one.reason) for one in found.unmet] == [("a", "why")]


def test_nor_are_its_ghosts_forgotten() -> None:
    haunted = node(registrations=(registration_of(replica(), id="gone"),))

    assert titles(plan(haunted, wanted=())) == ["Deregister replicas without a container"]
    assert plan(haunted, wanted=(), failed={"counter": "why"}).steps == ()


def test_a_node_that_could_not_be_mended_is_gone_around() -> None:
    broken = node(name="n1", consul=Part(state="stopped"), proxies=True)

    found = plan(broken, node(name="n2"), unrepaired=frozenset({"n1"}))

    assert {action.node for action in found.actions} == {"n2"}


def test_its_routes_stay_as_they_are() -> None:
    wanted = (project(service(ingress=ingress())),)
    proxy = node(proxies=True)

    (left_alone,) = plan(proxy, wanted=wanted, failed={"counter": "why"}).actions
    *_, planned = plan(proxy, wanted=wanted).actions

    assert left_alone == planned
    assert isinstance(planned, ConfigureProxy)
    assert planned.configuration.routes


def test_volumes_are_removed_with_their_project_where_they_are_its_own() -> None:
    gone = Project(name="counter", volumes=project(DB).volumes)
    mine = node(name="n1", volumes={"counter_data": "counter", "counter_other": "counter"})
    theirs = node(name="n2", volumes={"counter_data": "counter_data"})

    found = plan(mine, theirs, wanted=(gone,), purged=frozenset({"counter"}))

    removed = [one for one in found.actions if isinstance(one, RemoveVolume)]
    assert [(one.node, one.name) for one in removed] == [("n1", "counter_data")]


@pytest.mark.parametrize(
    ("check", "deadline_s"),
    [
        pytest.param(None, 60, id="no-healthcheck"),
        pytest.param(Healthcheck(test=("CMD", "x"), interval_s=90), 150, id="slow-to-speak"),
        pytest.param(
            Healthcheck(test=("CMD", "x"), interval_s=5, start_period_s=120),
            185,
            id="slow-to-start",
        ),
    ],
)
def test_a_healthcheck_has_time_to_speak(check: Healthcheck | None, deadline_s: float) -> None:
    (start,) = plan(node(), wanted=(project(service(healthcheck=check)),)).starts

    assert start.deadline_s == deadline_s


@pytest.mark.parametrize(
    ("action", "replaced"),
    [
        pytest.param("pause", set(), id="pause"),
        pytest.param("rollback", set(), id="rollback"),
        pytest.param("continue", {2}, id="continue"),
    ],
)
def test_a_rollout_waits_for_what_does_not_come_up(action: str, replaced: set[int]) -> None:
    new = changed(WEB, image="web:2", replicas=2, update=update(failure_action=action))
    broken = container_of(replica(new), state="restarting")
    on = serving(replica(WEB, slot=2))
    both = node(containers=(broken, *on.engine.containers), registrations=on.consul.registrations)

    found = plan(both, wanted=(project(new),))

    assert {one.replica.slot for one in found.starts} == replaced


def test_what_serves_nobody_is_replaced_first() -> None:
    new = changed(WEB, image="web:2", replicas=3)
    on = serving(*(replica(WEB, slot=slot) for slot in (1, 2, 3)))
    idle = node(containers=on.engine.containers, registrations=on.consul.registrations[:2])

    found = plan(idle, wanted=(project(new),))

    assert [one.replica.slot for one in found.starts] == [3, 1, 2]


def test_a_lost_replica_is_started_with_the_new_revision() -> None:
    new = changed(WEB, image="web:2")

    found = plan(lost(replica(WEB)), node(name="n2"), node(name="n3"), wanted=(project(new),))

    (start,) = found.starts
    assert (start.node, start.reason, start.replica.service.image) == ("n2", "n1 is lost", "web:2")


def test_a_container_that_others_hold_the_slot_of_is_started_before_they_stop() -> None:
    idle = container_of(replica(WEB), state="exited")
    old = replica(changed(WEB, image="web:0"))
    on = node(
        containers=(idle, container_of(old)),
        registrations=(registration_of(old),),
        tags=frozenset({WEB.image}),
    )

    found = plan(on)

    assert titles(found) == ["Start counter/web.1 (1 of 2)", "Start counter/web.1 (2 of 2)"]
    assert [type(action) for action in found.actions] == [StartReplica, StopReplica]


def test_a_service_that_was_replicated_becomes_global() -> None:
    on = [serving(replica(WEB, slot=slot), name=f"n{slot}") for slot in (1, 2)]

    found = plan(*on, wanted=(project(changed(WEB, mode="global")),))

    assert [(one.node, one.replica.slot) for one in found.starts] == [("n2", 1)]
    assert titles(found) == ["Start counter/web.1", "Stop counter/web.2"]


def test_what_fits_nowhere_names_the_nodes() -> None:
    large = service(resources=reserved(memory=2 * GIB))
    nodes = (node(name="n3"), node(name="n1"), node(name="n2", availability="cordoned"))

    (unmet,) = plan(*nodes, wanted=(project(large),)).unmet

    assert unmet.refused == {"memory, needs 2.0 GiB": ("n1", "n3"), "cordoned": ("n2",)}
