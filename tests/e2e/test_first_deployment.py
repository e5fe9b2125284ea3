"""From nothing to a counter that counts, and then nothing more to do."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.conftest import COUNTER
from tests.e2e.nodes import Nodes
from tests.e2e.proxies import visit
from tests.until import until

pytestmark = pytest.mark.e2e
NAMES = ["n1", "n2", "n3"]


@pytest.mark.usefixtures("empty")
def test_a_file_and_an_inventory_become_a_counter_that_counts(
    orchestrate: Orchestrate, nodes: Nodes
) -> None:
    ran = orchestrate("deploy", "-f", COUNTER)

    assert "4 containers on 3 nodes are as desired" in ran.out
    visits = [visit(address) for _ in range(4) for address in nodes.addresses]
    assert [one.number for one in visits] == list(range(1, len(visits) + 1))
    assert {one.version for one in visits} == {"1"}
    assert {node for one in visits for node in where(one.host, nodes)} == set(NAMES)


def where(hostname: str, nodes: Nodes) -> list[str]:
    """A container's hostname is the beginning of its id."""
    return [found.node for found in nodes.containers() if found.id.startswith(hostname)]


@pytest.mark.usefixtures("counter")
def test_a_bare_name_leads_to_its_container_from_every_node(
    orchestrate: Orchestrate, nodes: Nodes
) -> None:
    rows = orchestrate("ps", "-o", "json").json
    (redis,) = [row["address"] for row in rows if row["replica"] == "counter/redis.1"]
    webs = [(row["node"], row["container"]) for row in rows if "counter/web" in row["replica"]]

    found = {
        node: nodes[node].run("docker", "exec", container, "python3", "-c", _RESOLVE).strip()
        for node, container in webs
    }

    assert found == dict.fromkeys(NAMES, redis)


_RESOLVE = "import socket; print(socket.gethostbyname('redis'))"


@pytest.mark.usefixtures("counter")
def test_a_second_cycle_has_nothing_to_do(orchestrate: Orchestrate, nodes: Nodes) -> None:
    before = nodes.containers()

    ran = orchestrate("converge")
    answer = orchestrate("converge", "-o", "json").json
    planned = orchestrate("plan")

    assert ran.out == "Nothing to do: 4 containers on 3 nodes are as desired.\n"
    assert ran.err == ""
    assert (answer["changed"], answer["actions"], answer["exit_code"]) == (False, [], 0)
    assert planned.out == "Nothing to do: the cluster is as the file says.\n"
    assert nodes.containers() == before


@pytest.mark.usefixtures("counter")
def test_what_there_is_is_shown(orchestrate: Orchestrate, nodes: Nodes) -> None:
    services = {row["service"]: row for row in orchestrate("status", "-o", "json").json}
    replicas = orchestrate("ps", "-o", "json").json
    shown = orchestrate("nodes", "-o", "json").json

    assert (services["web"]["passing"], services["web"]["wanted"]) == (3, 3)
    assert services["web"]["nodes"] == NAMES
    assert services["redis"]["passing"] == 1
    assert sorted(row["replica"] for row in replicas) == [
        "counter/redis.1",
        "counter/web.1",
        "counter/web.2",
        "counter/web.3",
    ]
    assert {(row["state"], row["health"]) for row in replicas} == {("running", "passing")}
    there = {(found.node, found.name, found.started_at) for found in nodes.containers()}
    assert {(row["node"], row["container"], row["started_at"]) for row in replicas} <= there
    assert [(row["node"], row["status"]) for row in shown] == [(name, "ready") for name in NAMES]
    assert sum(row["replicas"] for row in shown) == 4


@pytest.mark.usefixtures("counter")
def test_what_replicas_log_is_told_wherever_they_run(
    orchestrate: Orchestrate, nodes: Nodes
) -> None:
    said = orchestrate("logs", "counter/redis", "--tail", "all")
    every = [json.loads(line) for line in orchestrate("logs", "-o", "json").out.splitlines()]
    followed = orchestrate.start("logs", "--follow", "counter")
    followed.until_it_says("Ready to accept connections")
    (holder,) = (node for node in nodes if "redis" in node.run("docker", "ps"))
    holder.shell("docker rm --force $(docker ps --quiet --filter name=redis)")
    orchestrate("converge")
    followed.until_it_says("Ready to accept connections", times=2)
    followed.process.terminate()

    assert said.has_line("counter/redis.1@n", " | ", "Ready to accept connections")
    assert {one["replica"] for one in every} >= {"counter/redis.1"}
    assert every == sorted(every, key=lambda one: one["at"])
    followed.ended()
    until(lambda: not followed.processes(), "nothing of it is left")


@pytest.mark.usefixtures("counter")
def test_a_command_runs_inside_a_replica_wherever_that_is(orchestrate: Orchestrate) -> None:
    said = orchestrate("exec", "counter/redis", "redis-cli", "set", "shown", "it's $HOME; a 'b'")
    kept = orchestrate("exec", "counter/redis.1", "--", "redis-cli", "get", "shown")
    by_user = orchestrate("exec", "-u", "1000", "counter/web.3", "id", "-u")
    ended = orchestrate("exec", "counter/web.3", "sh", "-c", "exit 7", code=7)
    several = orchestrate("exec", "counter/web", "true", code=4)

    assert (said.out, kept.out, by_user.out) == ("OK\n", "it's $HOME; a 'b'\n", "1000\n")
    assert ended.err == ""
    assert several.has_line("counter/web: name one of these: counter/web.1@n")


@pytest.mark.usefixtures("counter")
def test_provisioning_again_changes_nothing(orchestrate: Orchestrate, nodes: Nodes) -> None:
    before = nodes.containers()

    ran = orchestrate("provision")

    assert ran.out == "Provisioned; nothing had to change.\n"
    assert nodes.containers() == before
    assert calls_of_the_last_run(orchestrate.place.kept) == {
        "orchestrate.cluster.host_info": 3,
        "ansible.builtin.command": 3,  # the network's own program says whether all is well
        "ansible.builtin.uri": 1,
        "orchestrate.cluster.proxy_configuration": 3,
    }


def calls_of_the_last_run(kept: Path) -> Counter[str]:
    """How often each module worked on a host; what Ansible does on its own side does not count."""
    run = max((kept / "orchestrate" / "runs").glob("*-provision"))
    events = [json.loads(file.read_text()) for file in run.glob("artifacts/run/job_events/*.json")]
    done = Counter(
        event["event_data"]["task_action"] for event in events if event["event"] == "runner_on_ok"
    )
    return Counter({name: count for name, count in done.items() if name not in _ON_OUR_SIDE})


_ON_OUR_SIDE = {
    f"ansible.builtin.{name}"
    for name in ("add_host", "assert", "include_role", "set_fact", "validate_argument_spec")
}
