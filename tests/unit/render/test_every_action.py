"""No kind of action is forgotten by the plays."""

from __future__ import annotations

from typing import get_args

from orchestrate.model.network import Policy
from orchestrate.model.node_pool import AddNodes, ReleaseNode, RemoveNode, WakeNode
from orchestrate.model.plan import (
    Action,
    DeregisterReplica,
    Provision,
    PullImage,
    RegisterReplica,
    RemoveVolume,
    Repair,
    Retire,
    SetPeers,
    SetPolicy,
    StartReplica,
    StopReplica,
)
from tests.unit.render.test_plays import CONFIGURE, WEB, rendered

EVERY_KIND: tuple[Action, ...] = (
    PullImage(node="n1", image="web:1", reason=""),
    StartReplica(node="n1", replica=WEB, reason=""),
    StopReplica(node="n1", name="web", label="counter/web.1", reason=""),
    RegisterReplica(node="n1", replica=WEB, reason=""),
    DeregisterReplica(node="n1", id="web", label="counter/web.1", reason=""),
    RemoveVolume(node="n1", name="data", reason=""),
    Provision(node="n1", reason=""),
    AddNodes(playbook="add.yml", count=1, reason="", needed_by=()),
    RemoveNode(node="n1", reason="", playbook="remove.yml"),
    Repair(node="n1", role="engine", reason=""),
    CONFIGURE,
    SetPolicy(node="n1", reason="", policy=Policy(networks={}, confined=())),
    SetPeers(node="n1", reason="", peers=(), bridged=True),
    Retire(node="n1", role="proxy", reason=""),
)
FOR_THE_JOURNAL = {WakeNode, ReleaseNode}


def test_every_kind_of_action_is_rendered() -> None:
    kinds = {type(action) for action in EVERY_KIND}

    assert kinds | FOR_THE_JOURNAL == {*get_args(Action)}
    assert [action for action in EVERY_KIND if len(rendered(action)) != 1] == []
