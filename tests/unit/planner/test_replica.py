"""A service and a slot -> the container that should be there, and its revision."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.spec import Healthcheck, Mount, Port, Resources
from orchestrate.planner.replica import revision, wanted_replica
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


def test_ports_are_sorted_as_they_are_seen_and_only_tcp_is_exposed() -> None:
    udp, tcp = Port(target=53, published=53, protocol="udp"), Port(target=53, published=53)
    found = replica(ports=(udp, tcp, Port(target=9, published=9, protocol="udp")), expose=(80,))

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
    assert revision(project(), changed(service(), **fields)) != revision(project(), service())


def test_names_that_run_together_have_other_revisions() -> None:
    one = wanted_replica(project(name="a-b"), service(name="c"), 1)
    other = wanted_replica(project(name="a"), service(name="b-c"), 1)

    assert one.name != other.name
