"""Peers, and nodes that the inventory no longer has -> plays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orchestrate.model.node import Node
from orchestrate.model.plan import Plan, Retire, RetiredRole, SetPeers, Step
from orchestrate.render.play import Play, make_play

REACH_PLAY = "Reach the nodes that leave"
REACH = "ansible.builtin.add_host"
"""A module that is given nothing but data."""
BRIDGED = "{{ network_bridges[inventory_hostname] }}"
_ROLES: tuple[RetiredRole, ...] = ("proxy", "consul", "network")
"""In this order: without the network the agent could not take its leave."""
_CONNECT: Mapping[str, Any] = {
    "name": "Update peers",
    "ansible.builtin.include_role": {"name": "orchestrate.cluster.network"},
}


def reach_plays(nodes: Sequence[Node]) -> list[Play]:
    """Add the hosts to Ansible's inventory that it does not have."""
    if not nodes:
        return []
    tasks = [
        {
            "name": "Add the node with its connection variables",
            REACH: {**node.way, "name": node.name},
        }
        for node in nodes
    ]
    play = {"name": REACH_PLAY, "hosts": "localhost", "gather_facts": False}
    return [{**play, "tasks": tasks}]


def node_plays(step: Step, plan: Plan) -> Iterator[Play]:
    """Yield the plays that update peers, then those that retire the parts of nodes that leave."""
    peers = [action for action in step.actions if isinstance(action, SetPeers)]
    if peers:
        yield _peers_play(step.title, peers, plan.silent)
    retired = [action for action in step.actions if isinstance(action, Retire)]
    for role in _ROLES:
        hosts = sorted(action.node for action in retired if action.role == role)
        if hosts:
            yield make_play(step.title, hosts, {}, _retire(role))


def _retire(role: RetiredRole) -> Mapping[str, Any]:
    given = {"name": f"orchestrate.cluster.{role}", "tasks_from": "retire"}
    return {"name": f"Retire the {role}", "ansible.builtin.include_role": given}


def _peers_play(title: str, actions: Sequence[SetPeers], silent: Sequence[str]) -> Play:
    """Return the play that gives the same peers to all nodes of a step."""
    variables = {
        "network_hosts": list(actions[0].peers),
        "network_silent": list(silent),
        "network_bridges": {action.node: action.bridged for action in actions},
        "network_bridge": BRIDGED,
    }
    return make_play(title, sorted(action.node for action in actions), variables, _CONNECT)
