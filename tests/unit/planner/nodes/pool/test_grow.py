"""Which hosts are woken and how many nodes are made, and when none are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrate.commands.projects import refuse_hopeless
from orchestrate.errors import InputError
from orchestrate.model.node_pool import AddNodes, NewNode, WakeNode
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan
from orchestrate.model.spec.service import Service
from orchestrate.views.explain import explain
from tests.builders import (
    GIB,
    NOW,
    lost,
    mounted,
    node,
    observed,
    project,
    reserved,
    service,
    silent,
)
from tests.observed import ABSENT
from tests.planning import reconciled, settings_with

NEW = NewNode(
    playbook="/srv/add.yml", capacity={"memory": 2 * GIB, "cpus": 2}, labels={"disk": "ssd"}
)
MAKES: dict[str, Any] = {"add_node": NEW, "max_nodes": 4}


def big(**fields: Any) -> Service:
    """As many replicas of a GiB each as are wanted; a node of the cluster holds one."""
    known: dict[str, Any] = {"replicas": 2, "resources": reserved(memory=GIB)}
    return service(**known | fields)


def idle(name: str = "n4", **fields: Any) -> ObservedNode:
    """A host that stands by."""
    known: dict[str, Any] = {"memory": GIB}
    return node(name=name, runs_containers=False, stands_by=True, **known | fields)


def plan(
    wanted: Service,
    *standby: ObservedNode,
    nodes: tuple[ObservedNode, ...] = (node(),),
    added_at: float | None = None,
    settings: dict[str, Any] | None = None,
    **fields: Any,
) -> Plan:
    seen = replace(observed(*nodes), standby=standby, added_at=added_at)
    settled = settings_with(**settings or {})
    return reconciled(seen, projects=(project(wanted),), settings=settled, **fields)


def grown(found: Plan) -> list[str]:
    return [one.node for one in found.actions if isinstance(one, WakeNode | AddNodes)]


def test_as_many_are_woken_as_are_needed() -> None:
    standby = (idle("n4"), idle("n5"), idle("n6"))

    found = plan(big(replicas=3), *standby)

    assert grown(found) == ["n4", "n5"]
    assert list(explain(found))[-4:] == [
        "   + n4: wake (stands by; counter/web.2 fits nowhere else)",
        "   + n5: wake (stands by; counter/web.3 fits nowhere else)",
        "! counter/web.2: fits nowhere: 1 node: memory, needs 1.0 GiB, the freest has 0.0 GiB",
        "! counter/web.3: fits nowhere: 1 node: memory, needs 1.0 GiB, the freest has 0.0 GiB",
    ]


@pytest.mark.parametrize(
    ("wanted", "standby"),
    [
        pytest.param(big(), idle(memory=GIB - 1), id="too-small"),
        pytest.param(big(constraints=("node.group == edge",)), idle(), id="other-group"),
        pytest.param(big(platform="linux/arm64"), idle(), id="other-platform"),
        pytest.param(big(), idle(answered=False), id="silent"),
        pytest.param(big(), idle(availability="cordoned"), id="cordoned"),
        pytest.param(big(), idle(serves_consul=True, consul=ABSENT), id="would-elect"),
        pytest.param(big(replicas=1), idle(), id="nothing-pending"),
        pytest.param(big(mode="global", replicas=1), idle(), id="global"),
    ],
)
def test_none_is_woken_that_would_not_help(wanted: Service, standby: ObservedNode) -> None:
    assert grown(plan(wanted, standby)) == []


def test_one_that_is_not_provisioned_is_woken_for_what_it_shows() -> None:
    bare = idle(engine=ABSENT, network=ABSENT, consul=ABSENT)

    assert grown(plan(big(), bare)) == ["n4"]


def test_one_large_host_spares_two_small_ones() -> None:
    standby = (idle("n4"), idle("n5"), idle("n6", memory=2 * GIB))

    assert grown(plan(big(replicas=3), *standby)) == ["n6"]


def test_a_node_that_has_to_be_made_spares_the_hosts_whose_replicas_it_takes_along() -> None:
    """Two are pending of which a host takes one, a new node both."""
    (made,) = plan(big(replicas=3), idle(), settings=MAKES).actions[-1:]

    assert isinstance(made, AddNodes)
    assert made.needed_by == ("counter/web.2", "counter/web.3")


def test_what_was_tried_in_vain_comes_last() -> None:
    standby = (idle("n4", tried_at=NOW - 700), idle("n5"))

    assert grown(plan(big(), *standby)) == ["n5"]


def test_nodes_are_made_for_what_no_host_takes() -> None:
    found = plan(big(replicas=6), idle("n4"), settings=MAKES)

    (step,) = [one for one in found.steps if one.title == "Add nodes"]
    woken, made = step.actions
    assert isinstance(woken, WakeNode)
    assert made == AddNodes(
        playbook="/srv/add.yml",
        count=2,
        needed_by=tuple(f"counter/web.{slot}" for slot in (3, 4, 5, 6)),
        reason="4 replicas fit nowhere",
    )


@pytest.mark.parametrize(
    ("wanted", "settings", "count"),
    [
        pytest.param(big(replicas=9), MAKES, 3, id="no-more-than-there-may-be"),
        pytest.param(big(replicas=3), MAKES, 1, id="no-more-than-are-needed"),
        pytest.param(
            big(constraints=("node.labels.disk == ssd",), replicas=1), MAKES, 1, id="label"
        ),
        pytest.param(big(constraints=("node.labels.disk == hdd",)), MAKES, 0, id="other-label"),
        pytest.param(big(resources=reserved(memory=3 * GIB)), MAKES, 0, id="too-small"),
        pytest.param(big(), {**MAKES, "max_nodes": 1}, 0, id="full"),
    ],
)
def test_how_many(wanted: Service, settings: dict[str, Any], count: int) -> None:
    made = [one for one in plan(wanted, settings=settings).actions if isinstance(one, AddNodes)]

    assert [one.count for one in made] == [count] * bool(count)


@pytest.mark.parametrize(
    ("fields", "is_early"),
    [
        pytest.param({"added_at": NOW - 599}, True, id="soon-after"),
        pytest.param({"added_at": NOW - 600}, False, id="long-after"),
        pytest.param({"added_at": NOW - 1, "insists": True}, False, id="a-person-insists"),
    ],
)
def test_attempts_are_far_apart(fields: dict[str, Any], is_early: bool) -> None:
    found = plan(big(), settings=MAKES, **fields)

    assert bool(grown(found)) != is_early
    assert any("the next attempt is due in 1 s" in one.reason for one in found.unmet) == is_early


def test_a_host_that_could_not_be_woken_holds_up_the_others() -> None:
    found = plan(big(), idle("n4", tried_at=NOW - 500), idle("n5"), settings=MAKES)

    assert grown(found) == []
    assert found.unmet[-1].reason.startswith(
        "one more would help; the next attempt is due in 100 s"
    )


def test_room_that_may_come_back_is_waited_for() -> None:
    sound = (node(), node(name="n3"))
    away = silent(name="n2")
    gone = lost(name="n2")

    assert grown(plan(big(replicas=3), idle(), nodes=(*sound, away))) == []
    assert grown(plan(big(replicas=3), idle(), nodes=(*sound, gone))) == ["n4"]


def test_data_that_is_there_cannot_come_along() -> None:
    wanted = big(replicas=1, mounts=mounted())
    full = node(memory=GIB - 1, volumes={"counter_data": "counter"})

    assert grown(plan(wanted, idle(), nodes=(full,))) == []
    assert grown(plan(wanted, idle(), nodes=(node(memory=GIB - 1),))) == ["n4"]


def test_what_may_not_be_changed_is_not_woken_nor_is_anything_made() -> None:
    limited = frozenset({"n1", "n5"})

    found = plan(big(replicas=5), idle("n4"), idle("n5"), settings=MAKES, limit=limited)

    assert grown(found) == ["n5"]


def test_a_file_is_not_refused_that_more_nodes_can_carry() -> None:
    wanted = big(replicas=1, resources=reserved(memory=2 * GIB))
    found = plan(wanted, idle(memory=2 * GIB))

    refuse_hopeless(found, project(wanted), observed(node()))
    with pytest.raises(InputError):
        refuse_hopeless(plan(wanted), project(wanted), observed(node()))
