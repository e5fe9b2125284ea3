"""A service and a slot -> the container that should be there, and its revision."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestrate.model.spec.deploy import Resources, RestartPolicy
from orchestrate.model.spec.lifecycle import Healthcheck, Hook
from orchestrate.model.spec.network import Port
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.storage import Mount, Volume
from orchestrate.planner.containers.replica import revision, wanted_replica
from tests.builders import (
    changed,
    file,
    given,
    mounted,
    project,
    replica,
    reserved,
    service,
    update,
)


def test_it_carries_the_labels_that_make_it_ours() -> None:
    found = replica(labels={"team": "a"}, slot=2)

    assert found.config["labels"] == {
        "team": "a",
        "com.docker.compose.project": "counter",
        "com.docker.compose.service": "web",
        "com.docker.compose.container-number": "2",
        "orchestrate.slot": "2",
        "orchestrate.revision": found.revision,
    }
    assert found.name == f"counter-web-2-{found.revision}"
    assert found.label == "counter/web.2"


def test_reservations_are_written_on_it() -> None:
    labels = replica(resources=reserved(memory=1000, cpus=0.5)).config["labels"]

    assert labels["orchestrate.reserved.memory"] == "1000"
    assert labels["orchestrate.reserved.cpus"] == "0.5"


def test_a_volume_is_named_and_labelled_as_compose_does() -> None:
    found = replica(
        mounts=(*mounted(), Mount(type="bind", source="/srv", target="/a", read_only=True))
    )

    assert [dict(volume) for volume in found.volumes] == [
        {
            "name": "counter_data",
            "labels": {
                "com.docker.compose.project": "counter",
                "com.docker.compose.volume": "data",
            },
        }
    ]
    assert found.config["mounts"] == [
        {"type": "bind", "source": "/srv", "target": "/a", "read_only": True},
        {"type": "volume", "source": "counter_data", "target": "/data", "read_only": False},
    ]


def test_a_volume_may_have_a_name_of_its_own_and_be_made_by_others() -> None:
    web = service(mounts=(*mounted(source="a", target="/a"), *mounted(source="b", target="/b")))
    volumes = (Volume(name="a", called="mine"), Volume(name="b", called="theirs", external=True))

    found = wanted_replica(Project(name="counter", services=(web,), volumes=volumes), web, 1)

    assert [mount["source"] for mount in found.config["mounts"]] == ["mine", "theirs"]
    assert [volume["name"] for volume in found.volumes] == ["mine"]


def test_of_a_mount_only_what_is_set_is_asked_for() -> None:
    found = replica(
        mounts=(
            Mount(type="bind", source="/a", target="/a", create_host_path=True),
            Mount(type="bind", source="/b", target="/b", propagation="rslave"),
            Mount(type="volume", source="c", target="/c", nocopy=True),
        )
    )

    usual = {"type", "source", "target", "read_only"}
    assert [mount.keys() - usual for mount in found.config["mounts"]] == [
        {"create_host_path"},
        {"propagation"},
        {"nocopy"},
    ]


def test_ports_are_sorted_as_they_are_seen_and_only_tcp_is_exposed() -> None:
    udp, tcp = (
        Port(target=53, published=53, protocol=protocol, mode="host") for protocol in ("udp", "tcp")
    )
    other = Port(target=9, published=9, protocol="udp", mode="host")
    found = replica(ports=(udp, tcp, other), expose=(80,))

    seen = [(port["target"], port["protocol"]) for port in found.config["ports"]]
    assert seen == [(9, "udp"), (53, "tcp"), (53, "udp")]
    assert found.config["expose"] == [53, 80]


def test_a_grace_period_is_made_of_whole_seconds() -> None:
    assert replica(stop_grace_period_s=1.2).config["stop_grace_s"] == 2


SAME = [
    pytest.param({"replicas": 5}, id="scale"),
    pytest.param({"update": update(order="start-first")}, id="update-config"),
    pytest.param({"constraints": ()}, id="constraints"),
]
OTHER = [
    pytest.param({"image": "web:2"}, id="image"),
    pytest.param({"command": ("x",)}, id="command"),
    pytest.param({"command": ()}, id="empty-command"),
    pytest.param({"environment": {"A": "1"}}, id="environment"),
    pytest.param({"labels": {"a": "1"}}, id="labels"),
    pytest.param({"user": "app"}, id="user"),
    pytest.param({"expose": (80,)}, id="port"),
    pytest.param({"mounts": mounted()}, id="mounts"),
    pytest.param({"files": given(file())}, id="files"),
    pytest.param({"healthcheck": Healthcheck(test=("CMD", "x"))}, id="healthcheck"),
    pytest.param({"resources": Resources(limit_memory=5)}, id="limit"),
    pytest.param({"resources": reserved(cpus=1)}, id="reservation"),
]


@pytest.mark.parametrize("fields", SAME)
def test_a_revision_stays_where_no_new_container_is_needed(fields: dict[str, Any]) -> None:
    assert revision(project(), changed(service(), **fields)) == revision(project(), service())


@pytest.mark.parametrize("fields", OTHER)
def test_a_revision_is_another_where_one_is(fields: dict[str, Any]) -> None:
    other = changed(service(), **fields)

    assert revision(project(other), other) != revision(project(), service())


def test_names_that_run_together_have_other_revisions() -> None:
    one = wanted_replica(project(name="a-b"), service(name="c"), 1)
    other = wanted_replica(project(name="a"), service(name="b-c"), 1)

    assert one.name != other.name


def test_an_attribute_is_asked_for_as_it_is_and_makes_another_revision() -> None:
    plain, privileged = service(), service(attributes={"privileged": True})

    assert replica(privileged).config == {
        **replica(plain).config,
        "privileged": True,
        "labels": {
            **replica(plain).config["labels"],
            "orchestrate.revision": revision(project(privileged), privileged),
        },
    }


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        pytest.param({}, "unless-stopped", id="default"),
        pytest.param({"restart": "on-failure:2"}, "on-failure:2", id="restart"),
        pytest.param({"restart_policy": RestartPolicy()}, "unless-stopped", id="any"),
        pytest.param(
            {"restart": "always", "restart_policy": RestartPolicy(condition="none")},
            "no",
            id="the-policy-wins",
        ),
        pytest.param(
            {"restart_policy": RestartPolicy(condition="on-failure")}, "on-failure", id="on-failure"
        ),
        pytest.param(
            {"restart_policy": RestartPolicy(condition="on-failure", max_attempts=3)},
            "on-failure:3",
            id="attempts",
        ),
    ],
)
def test_what_the_engine_does_when_it_ends(fields: dict[str, Any], asked: str) -> None:
    assert replica(**fields).config["restart"] == asked


JOB: dict[str, Any] = {"mode": "replicated-job", "completes": True, "unattended": True}


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        pytest.param({"completes": True}, "no", id="somebody-waits-for-its-end"),
        pytest.param(
            {"completes": True, "restart": "on-failure:2"}, "on-failure:2", id="and-waits-on"
        ),
        pytest.param(JOB, "on-failure", id="job"),
        pytest.param({**JOB, "restart": "no"}, "no", id="job-that-is-tried-once"),
        pytest.param({**JOB, "restart_policy": RestartPolicy()}, "on-failure", id="no-condition"),
        pytest.param(
            {**JOB, "restart_policy": RestartPolicy(max_attempts=3)}, "on-failure:3", id="attempts"
        ),
        pytest.param(
            {**JOB, "restart_policy": RestartPolicy(condition="none")}, "no", id="no-attempts"
        ),
    ],
)
def test_what_runs_to_its_end_is_tried_again_until_then(fields: dict[str, Any], asked: str) -> None:
    config = replica(**fields).config

    assert (config["restart"], config["labels"]["orchestrate.completes"]) == (asked, "true")


def test_names_of_services_are_tried_before_its_own_domains() -> None:
    found = replica(dns_search=("example.com",), dns_options=("timeout:3",)).config

    assert found["dns_search"] == ["counter.query.consul", "example.com"]
    assert found["dns_options"] == ["ndots:1", "timeout:3"]


def test_its_own_number_of_dots_is_the_only_one() -> None:
    assert replica(dns_options=("ndots:3",)).config["dns_options"] == ["ndots:3"]


def test_it_carries_its_hooks() -> None:
    hook = Hook(command=("warm", "up"), environment={"A": "1"})

    labels = replica(post_start=(hook,), pre_stop=(Hook(command=("bye",), user="root"),)).config[
        "labels"
    ]

    assert json.loads(labels["orchestrate.post_start"]) == [
        {
            "command": ["warm", "up"],
            "user": "",
            "privileged": False,
            "working_dir": "",
            "environment": {"A": "1"},
        }
    ]
    assert json.loads(labels["orchestrate.pre_stop"])[0]["user"] == "root"
