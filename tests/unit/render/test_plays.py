"""Plan -> plays: what the modules and roles are given."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from orchestrate.model.network import Policy
from orchestrate.model.node_pool import AddNodes, ReleaseNode, RemoveNode, WakeNode
from orchestrate.model.plan import (
    Action,
    ConfigureProxy,
    DeregisterReplica,
    Plan,
    Provision,
    ProxyConfiguration,
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
from orchestrate.render.observe import OBSERVE_TASK, observe_play
from orchestrate.render.plays import plays
from orchestrate.render.registration import registration
from orchestrate.render.replicas import call
from tests.builders import file, given, mounted, replica

WEB = replica(mounts=mounted(), files=given(file()))
ROUTE = Route(
    project="counter", service="web", host="", path="/", consul_service="counter--web", slots=10
)
PORT = ProxyPort(
    project="counter",
    service="redis",
    address="192.0.2.1",
    published=6379,
    target=6380,
    consul_service="counter--redis",
    slots=10,
)
CONFIGURE = ConfigureProxy(
    node="n1",
    reason="",
    dns_address="10.0.0.1",
    configuration=ProxyConfiguration(routes=(ROUTE,), ports=(PORT,), fingerprint="abc"),
)


def rendered(*actions: Action) -> list[dict[str, Any]]:
    steps = (Step(title="Do it", actions=actions),)
    return plays(Plan(steps=steps))


@pytest.mark.parametrize(
    ("action", "given"),
    [
        pytest.param(
            PullImage(node="n1", image="web:1", reason=""),
            {"action": "pull", "image": "web:1"},
            id="pull",
        ),
        pytest.param(
            StartReplica(
                node="n1",
                replica=WEB,
                reason="",
                address="10.1.0.2",
                deadline_s=90,
                monitor_s=7,
            ),
            {
                "action": "start",
                "name": WEB.name,
                "config": dict(WEB.config),
                "address": "10.1.0.2",
                "volumes": [dict(one) for one in WEB.volumes],
                "files": [
                    {
                        "target": "/run/secrets/key",
                        "source": {"file": "/srv/key"},
                        "uid": 0,
                        "gid": 0,
                        "mode": "0444",
                    }
                ],
                "registration": registration(WEB),
                "completes": False,
                "unattended": False,
                "deadline_s": 90,
                "monitor_s": 7,
            },
            id="start",
        ),
        pytest.param(
            StopReplica(node="n1", name="x", label="", reason="", grace_s=3, drain_timeout_s=9),
            {"action": "stop", "name": "x", "grace_s": 3, "drain_timeout_s": 9},
            id="stop",
        ),
        pytest.param(
            RegisterReplica(node="n1", replica=WEB, reason=""),
            {"action": "register", "registration": registration(WEB)},
            id="register",
        ),
        pytest.param(
            DeregisterReplica(node="n1", id="x", label="", reason=""),
            {"action": "deregister", "id": "x"},
            id="deregister",
        ),
        pytest.param(
            RemoveVolume(node="n1", name="v", reason=""),
            {"action": "remove_volume", "name": "v"},
            id="remove-volume",
        ),
    ],
)
def test_a_call_of_the_module(action: ReplicaAction, given: dict[str, Any]) -> None:
    assert call(action) == given


def test_a_step_is_one_play_with_one_call_for_each_node() -> None:
    pull = [PullImage(node=node, image=image, reason="") for node, image in ("b1", "a1", "b2")]

    (play,) = rendered(*pull)

    assert (play["name"], play["hosts"]) == ("Do it", ["a", "b"])
    assert play["any_errors_fatal"], "what follows builds on it"
    assert [one["image"] for one in play["vars"]["replica_actions"]["b"]] == ["1", "2"]
    (task,) = play["tasks"]
    assert task["orchestrate.cluster.replicas"] == {
        "actions": "{{ replica_actions[inventory_hostname] }}",
        "registry_logins": "{{ registry_logins | default({}) }}",
    }


@pytest.mark.parametrize("role", ["engine", "network", "consul"])
def test_a_repair_is_a_play_of_its_own(role: Role) -> None:
    (play,) = rendered(*(Repair(node=node, role=role, reason="") for node in "ba"))

    assert play["hosts"] == ["a", "b"]
    assert play["vars"] == {}


def test_a_proxy_is_given_all_routes_and_ports_and_its_own_address() -> None:
    (play,) = rendered(CONFIGURE)

    assert play["vars"]["proxy_routes"] == [
        {
            "name": "counter--web",
            "project": "counter",
            "service": "web",
            "host": "",
            "path": "/",
            "consul_service": "counter--web",
            "slots": 10,
        }
    ]
    assert play["vars"]["proxy_ports"] == [{"name": "counter--redis", **asdict(PORT)}]
    assert play["vars"]["proxy_routes_hash"] == "abc"
    assert play["vars"]["proxy_dns_addresses"] == {"n1": "10.0.0.1"}


def test_each_node_is_told_its_own_policy() -> None:
    members = ("10.1.0.2", "10.2.0.2")
    policies = {
        "n2": Policy(networks={"shop_back": members}, confined=("10.2.0.2",)),
        "n1": Policy(networks={"shop_back": members, "shop_front": ("10.1.0.2",)}),
    }

    (play,) = rendered(
        *(SetPolicy(node=node, reason="", policy=policy) for node, policy in policies.items())
    )

    assert play["hosts"] == ["n1", "n2"]
    assert play["vars"] == {
        "network_members": {"shop_back": members, "shop_front": ("10.1.0.2",)},
        "network_policies": {
            "n2": {"networks": ["shop_back"], "confined": ("10.2.0.2",)},
            "n1": {"networks": ["shop_back", "shop_front"], "confined": ()},
        },
    }
    (task,) = play["tasks"]
    assert set(task["orchestrate.cluster.network_policy"]) == {"networks", "confined"}


def test_looking_ends_nothing() -> None:
    play = observe_play("all")

    (task,) = play["tasks"]
    assert (play["name"], play["hosts"], task["name"]) == ("Look at the nodes", "all", OBSERVE_TASK)
    assert play["ignore_unreachable"]
    assert task["ignore_errors"]
    assert task["orchestrate.cluster.node_info"] == {}


def test_of_what_is_not_ours_nodes_are_asked_if_it_counts() -> None:
    (task,) = observe_play("all", count_foreign=True)["tasks"]

    assert task["orchestrate.cluster.node_info"] == {"count_foreign": True}


@pytest.mark.parametrize(
    ("file", "also"),
    [
        pytest.param("", {}, id="no-settings"),
        pytest.param("/srv/o.yml", {"orchestrate_settings": "/srv/o.yml"}, id="settings"),
    ],
)
def test_new_hosts_are_provisioned_beside_those_that_learn_of_them(
    file: str, also: dict[str, str]
) -> None:
    steps = (Step(title="Provision n4", actions=(Provision(node="n4", reason="new"),)),)
    plan = Plan(steps=steps, hosts=("n1", "n4"), silent=("n2",))

    assert plays(plan, file) == [
        {
            "name": "Provision n4",
            "ansible.builtin.import_playbook": "orchestrate.cluster.provision",
            "vars": {"provision_hosts": ["n1", "n4"], "network_silent": ["n2"], **also},
        }
    ]


def test_the_others_are_told_at_once_and_a_node_leaves_part_by_part() -> None:
    told = tuple(
        SetPeers(node=name, reason="", peers=("n1", "n2", "n4"), bridged=name == "n1")
        for name in ("n2", "n1")
    )
    retired = tuple(
        Retire(node="n3", role=role, reason="") for role in ("network", "consul", "proxy")
    )
    plan = Plan(steps=(Step(title="Leave", actions=(*told, *retired)),), silent=("n4",))

    peers, *parts = plays(plan)

    assert (peers["hosts"], peers["vars"]) == (
        ["n1", "n2"],
        {
            "network_hosts": ["n1", "n2", "n4"],
            "network_silent": ["n4"],
            "network_bridges": {"n1": True, "n2": False},
            "network_bridge": "{{ network_bridges[inventory_hostname] }}",
        },
    )
    roles = [one["tasks"][0]["ansible.builtin.include_role"] for one in parts]
    assert roles == [
        {"name": f"orchestrate.cluster.{role}", "tasks_from": "retire"}
        for role in ("proxy", "consul", "network")
    ]
    assert {tuple(one["hosts"]) for one in parts} == {("n3",)}


def test_a_plan_imports_the_playbooks_of_the_team_and_plays_nothing_for_the_journal_alone() -> None:
    actions = (
        WakeNode(node="n4", reason="", needed_by=("counter/web.2",)),
        AddNodes(playbook="/srv/add.yml", count=2, reason="", needed_by=("counter/web.3",)),
        ReleaseNode(node="n5", reason=""),
        RemoveNode(playbook="/srv/remove.yml", node="n6", reason=""),
    )

    assert rendered(*actions) == [
        {
            "name": "Do it",
            "ansible.builtin.import_playbook": "/srv/add.yml",
            "vars": {"orchestrate_add": {"count": 2, "needed_by": ["counter/web.3"]}},
        },
        {
            "name": "Do it",
            "ansible.builtin.import_playbook": "/srv/remove.yml",
            "vars": {"orchestrate_remove": "n6"},
        },
    ]
