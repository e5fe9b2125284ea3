"""The cluster in memory is as strict as the real adapters are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from orchestrate.errors import InputError
from orchestrate.model.journal import NodeRecord, ProjectRecord
from orchestrate.model.node import Node
from orchestrate.model.plan import Action, Plan, PullImage, Retire, StartReplica, Step
from orchestrate.ports.store import Store
from tests.builders import replica
from tests.fake_actuator import FakeActuator
from tests.fake_node import FakeNode
from tests.fake_store import FakeStore
from tests.journal_writes import WRITES

WEB = replica(image="web:1")


def step(title: str, *actions: Action) -> Step:
    return Step(title=title, actions=actions)


def pull(image: str) -> PullImage:
    return PullImage(node="n1", image=image, reason="")


@pytest.fixture
def node() -> FakeNode:
    return FakeNode(node=Node(name="n1"), registry={"web:1": {}, "db:1": {}})


@pytest.fixture
def actuator(node: FakeNode) -> FakeActuator:
    return FakeActuator({"n1": node})


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_of_two_who_read_the_same_one_writes(write: Callable[[Store], Any]) -> None:
    store = FakeStore()
    write(store)

    with pytest.raises(InputError, match="was changed by somebody else just now: try again"):
        write(store)


def test_a_record_that_was_written_again_is_not_forgotten() -> None:
    store = FakeStore()
    old = store.save_project(ProjectRecord(name="counter", data={}))
    new = store.save_project(replace(old, revision=2))

    with pytest.raises(InputError, match="try again"):
        store.forget_project(old)
    assert store.read().projects == {"counter": new}


def test_a_node_that_is_made_anew_has_another_index() -> None:
    store = FakeStore()
    store.save_nodes({"n1": NodeRecord()})
    first = store.read().nodes["n1"]
    store.forget_node("n1")
    store.save_nodes({"n1": NodeRecord()})

    assert store.read().nodes["n1"].index > first.index


def test_a_step_whose_second_play_fails_is_not_completed(
    node: FakeNode, actuator: FakeActuator
) -> None:
    node.unmendable.add("consul")
    roles = [Retire(node="n1", role=role, reason="") for role in ("network", "consul", "proxy")]

    outcome = actuator.act(Plan(steps=(step("Pull", pull("web:1")), step("Retire", *roles))))

    (failure,) = outcome.failures
    assert outcome.completed == ("Pull",)
    assert (failure.step, failure.action) == ("Retire", roles[1])
    assert (node.proxy.state, node.network.state) == ("stopped", "ok")


def test_what_stands_beside_a_failed_action_is_done_and_what_comes_after_is_not(
    node: FakeNode, actuator: FakeActuator
) -> None:
    start = StartReplica(node="n1", replica=WEB, reason="")

    outcome = actuator.act(Plan(steps=(step("All", pull("no:1"), pull("web:1"), start),)))

    assert [failure.action for failure in outcome.failures] == [pull("no:1")]
    assert (node.tags, node.containers) == ({"web:1"}, {})


def test_a_node_that_does_not_answer_fails_once_and_with_no_action(
    node: FakeNode, actuator: FakeActuator
) -> None:
    node.answers = False

    (failure,) = actuator.act(Plan(steps=(step("All", pull("web:1"), pull("db:1")),))).failures

    assert (failure.action, failure.is_unreachable) == (None, True)
