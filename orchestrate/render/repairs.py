"""Repairs of the parts that carry replicas -> plays, one for each role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from orchestrate.model.plan import Repair, Role, Step
from orchestrate.render.play import Play, make_play

_REPAIRS: Mapping[Role, Mapping[str, Any]] = {
    "engine": {
        "name": "Start the Docker Engine",
        "ansible.builtin.systemd_service": {"name": "docker", "state": "started"},
    },
    "network": {
        "name": "Mend the network",
        "ansible.builtin.include_role": {
            "name": "orchestrate.cluster.network",
            "tasks_from": "repair",
        },
    },
    "consul": {
        "name": "Start the Consul agent",
        "ansible.builtin.systemd_service": {"name": "consul", "state": "started"},
    },
}


def repair_plays(step: Step) -> Iterator[Play]:
    hosts: dict[Role, list[str]] = defaultdict(list)
    for action in step.actions:
        if isinstance(action, Repair):
            hosts[action.role].append(action.node)
    for role, names in hosts.items():
        yield make_play(step.title, sorted(names), {}, _REPAIRS[role])
