"""Actions on replicas -> one module call for each node of a step, however many replicas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from orchestrate.model.plan import (
    DeregisterReplica,
    PullImage,
    RegisterReplica,
    RemoveVolume,
    ReplicaAction,
    StartReplica,
    Step,
    StopReplica,
)
from orchestrate.render.play import LOGINS, Play, make_play
from orchestrate.render.registration import registration

_CALL: Mapping[str, Any] = {
    "name": "Apply the actions on replicas",
    "orchestrate.cluster.replicas": {
        "actions": "{{ replica_actions[inventory_hostname] }}",
        **LOGINS,
    },
}


def replica_plays(step: Step) -> Iterator[Play]:
    actions = replica_actions(step)
    if actions:
        calls = {node: [call(action) for action in here] for node, here in actions.items()}
        yield make_play(step.title, sorted(calls), {"replica_actions": calls}, _CALL)


def replica_actions(step: Step) -> Mapping[str, Sequence[ReplicaAction]]:
    """Return the `actions` of each node's module call: a result's `index` counts in this order."""
    calls: dict[str, list[ReplicaAction]] = defaultdict(list)
    for action in step.actions:
        if isinstance(action, ReplicaAction):
            calls[action.node].append(action)
    return calls


def call(action: ReplicaAction) -> dict[str, Any]:
    """Return an action as the module `replicas` takes it."""
    match action:
        case PullImage():
            return {"action": "pull", "image": action.image}
        case StartReplica():
            return _start(action)
        case StopReplica():
            return {
                "action": "stop",
                "name": action.name,
                "grace_s": action.grace_s,
                "drain_timeout_s": action.drain_timeout_s,
            }
        case RegisterReplica():
            return {"action": "register", "registration": registration(action.replica)}
        case DeregisterReplica():
            return {"action": "deregister", "id": action.id}
        case RemoveVolume():
            return {"action": "remove_volume", "name": action.name}
        case _:
            assert_never(action)


def _start(action: StartReplica) -> dict[str, Any]:
    replica = action.replica
    return {
        "action": "start",
        "name": replica.name,
        "config": dict(replica.config),
        "address": action.address,
        "volumes": [dict(volume) for volume in replica.volumes],
        "files": [dict(file) for file in replica.files],
        "registration": registration(replica),
        "completes": replica.service.lifecycle.completes,
        "unattended": replica.service.lifecycle.unattended,
        "deadline_s": action.deadline_s,
        "monitor_s": action.monitor_s,
    }
