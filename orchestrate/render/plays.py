"""Plan -> playbook: the plan as data that Ansible runs, and that a person reads, keeps and reviews.

A step is a play (a repair: one for each role); its actions run side by side over the hosts, one module
call per node. Any failure ends the run: the next cycle plans from what is then true.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from typing import Any, assert_never

from orchestrate.model.network import Policy
from orchestrate.model.plan import (
    ConfigureProxy,
    DeregisterReplica,
    HostAction,
    Plan,
    ProxyPort,
    PullImage,
    RegisterReplica,
    RemoveVolume,
    Repair,
    ReplicaAction,
    Retire,
    Role,
    Route,
    SetPeers,
    SetPolicy,
    StartReplica,
    Step,
    StopReplica,
)
from orchestrate.render.hosts import host_plays
from orchestrate.render.leaving import BRIDGED, leaving_plays, reach_plays
from orchestrate.render.play import Play, make_play
from orchestrate.render.registration import registration

OBSERVE_TASK = "Look at the node"
OBSERVE_TIMEOUT_S = 60
RESOLVING = 3
"""How many hosts ask the registries: one may be silent."""
_DNS_ADDRESS = "{{ proxy_dns_addresses[inventory_hostname] }}"
OWN_TEMPLATES = (_DNS_ADDRESS, BRIDGED)
"""The only values of play variables that Ansible may take for a template."""
LOGINS = {"registry_logins": "{{ registry_logins | default({}) }}"}
"""An argument of the modules that speak to registries; its values are in Ansible's variables only."""
_RESOLVE = f"{{{{ images_to_resolve if inventory_hostname in ansible_play_hosts_all[:{RESOLVING}] else [] }}}}"
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
_SET_POLICY: Mapping[str, Any] = {
    "name": "Update network policy",
    "orchestrate.cluster.network_policy": {
        "networks": "{{ dict(network_policies[inventory_hostname].networks | zip("
        "network_policies[inventory_hostname].networks | map('extract', network_members))) }}",
        "confined": "{{ network_policies[inventory_hostname].confined }}",
    },
}
_CONFIGURE: Mapping[str, Any] = {
    "name": "Configure the proxy",
    "ansible.builtin.include_role": {
        "name": "orchestrate.cluster.proxy",
        "tasks_from": "configure",
    },
}


def plays(plan: Plan, settings_file: str = "") -> list[Play]:
    """Return the plays of every step, in order.

    `settings_file`: where `orchestrate.yml` is, for what is said there of all hosts.
    """
    steps = (_step(step, plan, settings_file) for step in plan.steps)
    return [*reach_plays(plan.leaving), *chain(*steps)]


def observe_play(pattern: str, images: Sequence[str] = (), *, count_foreign: bool = False) -> Play:
    """Ask every host that `pattern` matches; one that does not answer ends nothing.

    What the tags of `images` stand for is asked of the first few.
    """
    asked = {
        **({"resolve": _RESOLVE, **LOGINS} if images else {}),
        **({"count_foreign": True} if count_foreign else {}),
    }
    return {
        "name": "Look at the nodes",
        "hosts": pattern,
        "gather_facts": False,
        "ignore_unreachable": True,
        "vars": {"images_to_resolve": list(images)} if images else {},
        "tasks": [
            {
                "name": OBSERVE_TASK,
                "orchestrate.cluster.node_info": asked,
                "timeout": OBSERVE_TIMEOUT_S,
                "ignore_errors": True,
            }
        ],
    }


def _step(step: Step, plan: Plan, settings_file: str) -> Iterable[Play]:
    """A step holds one kind of actions: for new hosts, for a role, for the proxies, or for replicas."""
    yield from host_plays(step, plan, settings_file)
    repairs: dict[Role, list[str]] = defaultdict(list)
    proxies: list[ConfigureProxy] = []
    policies: dict[str, Policy] = {}
    leaving: list[SetPeers | Retire] = []
    for action in step.actions:
        if isinstance(action, HostAction | ReplicaAction):
            continue
        match action:
            case Repair():
                repairs[action.role].append(action.node)
            case ConfigureProxy():
                proxies.append(action)
            case SetPolicy():
                policies[action.node] = action.policy
            case SetPeers() | Retire():
                leaving.append(action)
            case _:
                assert_never(action)
    yield from leaving_plays(step.title, leaving, plan.silent)
    yield from _policy_plays(step.title, policies)
    if calls := replica_actions(step):
        yield _replicas_play(step.title, calls)
    yield from (
        make_play(step.title, sorted(repairs[role]), {}, _REPAIRS[role]) for role in repairs
    )
    if proxies:
        hosts = sorted(action.node for action in proxies)
        yield make_play(step.title, hosts, _proxy_variables(proxies), _CONFIGURE)


def replica_actions(step: Step) -> Mapping[str, Sequence[ReplicaAction]]:
    """By node, the `actions` of its module call: a result's `index` counts in this order."""
    calls: dict[str, list[ReplicaAction]] = defaultdict(list)
    for action in step.actions:
        if isinstance(action, ReplicaAction):
            calls[action.node].append(action)
    return calls


def _policy_plays(title: str, policies: Mapping[str, Policy]) -> list[Play]:
    """All nodes of a step are told the same members of a network, so that they stand there once."""
    members = {name: told for one in policies.values() for name, told in one.networks.items()}
    variables = {
        "network_members": dict(sorted(members.items())),
        "network_policies": {
            node: {"networks": list(policy.networks), "confined": policy.confined}
            for node, policy in policies.items()
        },
    }
    return [make_play(title, sorted(policies), variables, _SET_POLICY)] if policies else []


def _replicas_play(title: str, actions: Mapping[str, Sequence[ReplicaAction]]) -> Play:
    calls = {node: [call(action) for action in here] for node, here in actions.items()}
    return make_play(
        title,
        sorted(calls),
        {"replica_actions": calls},
        {
            "name": "Make the replicas so",
            "orchestrate.cluster.replicas": {
                "actions": "{{ replica_actions[inventory_hostname] }}",
                **LOGINS,
            },
        },
    )


def _proxy_variables(actions: Sequence[ConfigureProxy]) -> dict[str, Any]:
    """All proxies are given the same, but for where Consul answers."""
    wanted = actions[0].configuration
    return {
        "proxy_routes": [{"name": _name(route), **asdict(route)} for route in wanted.routes],
        "proxy_ports": [{"name": _name(port), **asdict(port)} for port in wanted.ports],
        "proxy_routes_hash": wanted.fingerprint,
        "proxy_dns_addresses": {action.node: action.dns_address for action in actions},
        "proxy_dns_address": _DNS_ADDRESS,
    }


def _name(way: Route | ProxyPort) -> str:
    return f"{way.project}--{way.service}"


def call(action: ReplicaAction) -> dict[str, Any]:
    """An action as the module `replicas` takes it."""
    match action:
        case PullImage():
            return {"action": "pull", "image": action.image}
        case StartReplica():
            replica = action.replica
            return {
                "action": "start",
                "name": replica.name,
                "config": dict(replica.config),
                "address": action.address,
                "volumes": [dict(volume) for volume in replica.volumes],
                "files": [dict(file) for file in replica.files],
                "registration": registration(replica),
                "completes": replica.service.completes,
                "unattended": replica.service.unattended,
                "deadline_s": action.deadline_s,
                "monitor_s": replica.service.deploy.update.monitor_s,
            }
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
