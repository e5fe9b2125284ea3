"""Jobs, on nodes: they run to their end, once, and give back what they had; and what goes last."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.nodes import Nodes
from tests.until import until

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("alone")]
Write = Callable[[str, str], str]
FILE = """
name: jobs
services:
  store:
    image: registry.lab:5000/redis:1
    container_name: cellar
    expose: [6379]
    stop_grace_period: 1s
  count:
    image: registry.lab:5000/redis:1
    entrypoint: [redis-cli, -h, cellar]
    command: [INCR, jobs]
    links: [store]
    deploy:
      mode: replicated-job
      replicas: 2
      resources: {reservations: {memory: 64M}}
"""


@pytest.fixture
def alone(empty: None, orchestrate: Orchestrate, nodes: Nodes) -> Iterator[None]:  # noqa: ARG001 - it prepares
    yield
    if nodes.journal():
        orchestrate("down", "jobs")


def test_a_job_runs_once_for_each_version(
    write: Write, orchestrate: Orchestrate, nodes: Nodes
) -> None:
    orchestrate("deploy", "-f", write("compose.yml", FILE))

    until(lambda: states(orchestrate) == ["completed"] * 2, "both have completed")
    assert counted(nodes) == "2"
    assert orchestrate("converge").out.startswith("Nothing to do")
    shown = {row["service"]: row["passing"] for row in orchestrate("status", "-o", "json").json}
    assert shown == {"store": 1, "count": 2}
    reserved = {row["memory"]["reserved"] for row in orchestrate("nodes", "-o", "json").json}
    assert reserved == {0}

    orchestrate(
        "deploy", "-f", write("newer.yml", FILE.replace("INCR, jobs", "INCRBY, jobs, '10'"))
    )
    until(lambda: counted(nodes) == "22", "both have run again")

    actions = orchestrate("down", "jobs", "-o", "json").json["actions"]
    stopped = [one["subject"] for one in actions if one["verb"] == "stop"]
    assert stopped == ["jobs/count.1", "jobs/count.2", "jobs/store.1"], "what depends goes first"


def test_a_job_that_fails_is_told_of(write: Write, orchestrate: Orchestrate) -> None:
    failing = FILE.replace("INCR, jobs", "--no-such-option").replace(
        "mode:", "restart_policy: {max_attempts: 1}\n      mode:"
    )

    orchestrate("deploy", "-f", write("compose.yml", failing), code=1)

    assert states(orchestrate) == ["failed (exit code 1)"] * 2
    assert "has failed" in orchestrate("converge", code=3).out


def test_a_tag_that_nobody_can_tell_is_warned_of(write: Write, orchestrate: Orchestrate) -> None:
    unknown = FILE.replace("registry.lab:5000/redis:1", "registry.lab:5000/no-such:1")

    ran = orchestrate("plan", "-f", write("compose.yml", unknown), code=2)

    assert "warning: registry.lab:5000/no-such:1: no registry told" in ran.err


def states(orchestrate: Orchestrate) -> list[str]:
    rows = orchestrate("ps", "-o", "json").json
    return [row["state"] for row in rows if row["replica"].startswith("jobs/count.")]


def counted(nodes: Nodes) -> str:
    """What the store was told, by all that ran."""
    (at,) = [
        node for node in nodes if any("-store-" in name for name in nodes.running()[node.name])
    ]
    (store,) = [name for name in nodes.running()[at.name] if "-store-" in name]
    return at.run("docker", "exec", store, "redis-cli", "get", "jobs").strip()
