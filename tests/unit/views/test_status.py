"""What `status`, `ps` and `nodes` show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.model.settings import Settings
from orchestrate.views.rows import ForeignUsage, MemoryUsage, Usage
from orchestrate.views.status import node_rows, replica_rows, service_rows
from orchestrate.views.text import cell
from tests.builders import (
    GIB,
    container_of,
    ingress,
    lost,
    node,
    observed,
    on_proxies,
    project,
    published,
    registration_of,
    replica,
    reserved,
    service,
    serving,
    silent,
)

WEB = service(
    replicas=3, ingress=ingress(host="www.example.org"), resources=reserved(memory=GIB // 4)
)
FIRST, SECOND = replica(WEB), replica(WEB, slot=2)


def test_a_service_is_a_row() -> None:
    critical = replace(registration_of(SECOND), status="critical")
    seen = observed(
        serving(FIRST),
        node(name="n2", containers=(container_of(SECOND),), registrations=(critical,)),
    )

    (row,) = service_rows([project(WEB)], seen)

    assert (row.passing, row.wanted, row.nodes) == (1, 3, ("n1",))
    assert (row.mode, row.image, cell(row.ingress)) == ("replicated", WEB.image, "www.example.org/")


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        pytest.param({"mode": "global"}, 2, id="one-on-each"),
        pytest.param(
            {"mode": "global", "constraints": ("node.hostname == n1",)}, 1, id="constraint"
        ),
        pytest.param({"replicas": 0}, 0, id="none"),
    ],
)
def test_how_many_are_wanted(fields: dict[str, Any], wanted: int) -> None:
    seen = observed(node(), silent(name="n2"), node(name="n3", runs_containers=False))

    (row,) = service_rows([project(service(**fields))], seen)

    assert (row.wanted, row.ingress) == (wanted, None)


def test_any_host_is_shown_as_a_star() -> None:
    (row,) = service_rows([project(service(ingress=ingress(path="/a")))], observed(node()))

    assert cell(row.ingress) == "*/a"


def test_ports_are_shown_with_who_answers_at_them() -> None:
    db = service(
        name="db",
        ports=(*on_proxies(3306), *on_proxies(25, host_ip="192.0.2.1"), *published(53)),
    )
    seen = observed(
        serving(replica(db), proxies=True),
        node(name="n2", proxies=True),
        node(name="n3", proxies=True, proxy=Part(state="stopped")),
    )

    (row,) = service_rows([project(db)], seen)
    (shown,) = replica_rows(seen)

    assert [*map(cell, row.ports)] == ["192.0.2.1:25->25", "n1,n2:3306->3306"]
    assert cell(shown.ports) == "53->53/tcp"


def test_without_a_proxy_nobody_answers() -> None:
    (row,) = service_rows([project(service(ports=on_proxies(80)))], observed(node()))

    assert cell(row.ports) == "no proxy:80->80"


def test_an_address_of_the_node_is_shown() -> None:
    here = service(ports=on_proxies(80, mode="host", host_ip="127.0.0.1"))

    (row,) = replica_rows(observed(serving(replica(here))))

    assert cell(row.ports) == "127.0.0.1:80->80/tcp"


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        pytest.param({}, "running", id="runs"),
        pytest.param({"state": "exited"}, "completed", id="has-completed"),
        pytest.param({"state": "exited", "exit_code": 3}, "failed (exit code 3)", id="has-failed"),
    ],
)
def test_how_a_job_ended_is_shown(fields: dict[str, Any], state: str) -> None:
    job = service(mode="replicated-job", completes=True, unattended=True)
    there = node(containers=(container_of(replica(job), **fields),))

    (row,) = replica_rows(observed(there))
    (of_service,) = service_rows([project(job)], observed(there))

    assert row.state == state
    assert (of_service.mode, of_service.passing) == ("replicated-job", int(state == "completed"))


def test_replicas_are_sorted_as_people_count() -> None:
    ten = replica(WEB, slot=10)
    seen = observed(serving(ten, SECOND), serving(FIRST, name="n0"))

    rows = list(replica_rows(seen))

    assert [row.replica for row in rows] == ["counter/web.1", "counter/web.2", "counter/web.10"]
    assert (rows[0].node, rows[0].state, rows[0].health) == ("n0", "running", "passing")
    assert (rows[0].container, rows[0].revision) == (FIRST.name, FIRST.revision)


def test_a_replica_that_nobody_registered_says_so() -> None:
    (row,) = replica_rows(observed(node(containers=(container_of(FIRST),))))

    assert row.health == "not registered"


@pytest.mark.parametrize(
    ("one", "status", "problems"),
    [
        pytest.param(node(), "ready", (), id="ready"),
        pytest.param(silent(), "unknown", ("does not answer",), id="unknown"),
        pytest.param(lost(detail="timed out"), "down", ("timed out",), id="down"),
        pytest.param(
            node(
                consul=Part(state="stopped"), network=Part(state="drifted", problems=("no route",))
            ),
            "degraded",
            ("no route", "Consul agent stopped"),
            id="degraded",
        ),
        pytest.param(
            node(engine=Part(state="absent"), runs_containers=False),
            "ready",
            (),
            id="no-engine-needed",
        ),
        pytest.param(
            node(proxy=Part(state="stopped"), proxies=True),
            "degraded",
            ("proxy stopped",),
            id="proxy",
        ),
        pytest.param(node(proxy=Part(state="absent")), "ready", (), id="no-proxy-needed"),
    ],
)
def test_the_status_of_a_node(one: ObservedNode, status: str, problems: tuple[str, ...]) -> None:
    (row,) = node_rows(observed(one), Settings())

    assert (row.status, row.problems) == (status, problems)


def test_a_node_is_a_row() -> None:
    one = serving(FIRST, labels={"zone": "a", "disk": "ssd"}, serves_consul=True, proxies=True)

    (row,) = node_rows(observed(one), Settings())

    assert (row.replicas, row.cpus) == (1, Usage(reserved=0, capacity=4))
    assert row.memory == MemoryUsage(reserved=GIB // 4, capacity=GIB)
    assert (cell(row.cpus), cell(row.memory)) == ("0/4", "0.2/1.0 GiB")
    assert (cell(row.labels), row.parts) == ("disk=ssd, zone=a", ("node", "consul", "proxy"))


def test_all_that_is_counted_is_shown() -> None:
    wanted = replica(resources=reserved(pids=300, gpu=1))
    one = serving(
        wanted,
        capacity={"memory": 2 * GIB, "pids": 4000, "gpu": 2, "dongle": 1},
        foreign={"memory": 1.5 * GIB, "cpus": 0.5, "pids": 50},
    )

    (row,) = node_rows(observed(one), Settings())

    assert cell(row.resources) == "dongle 0/1, gpu 1/2, pids 350/4000"
    assert (cell(row.memory), cell(row.cpus)) == ("1.5/2.0 GiB", "0.5/4")
    assert row.foreign == ForeignUsage(cpus=0.5, memory=3 * GIB // 2, pids=50)
    assert cell(row.foreign) == "0.5 CPUs, 1.5 GiB, 50 pids"


def test_of_a_silent_node_nothing_is_reserved() -> None:
    (row,) = node_rows(observed(silent(FIRST)), Settings())

    assert (row.replicas, row.cpus, row.memory) == (0, None, None)
    assert (row.resources, row.foreign) == ({}, None)


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        pytest.param({"engine": Part(state="absent")}, (), id="not-provisioned"),
        pytest.param({"answered": False, "detail": "timed out"}, ("timed out",), id="silent"),
    ],
)
def test_a_host_that_stands_by_is_among_the_nodes(
    fields: dict[str, Any], problems: tuple[str, ...]
) -> None:
    host = node(name="n2", runs_containers=False, stands_by=True, **fields)
    seen = replace(observed(node(name="n1"), node(name="n3")), standby=(host,))

    rows = list(node_rows(seen, Settings()))

    assert [row.node for row in rows] == ["n1", "n2", "n3"]
    assert (rows[1].status, rows[1].parts, rows[1].problems) == ("standby", (), problems)
