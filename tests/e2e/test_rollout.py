"""A changed image, while requests never stop; and images that are no good."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.nodes import SERVICE, Nodes
from tests.e2e.proxies import Stream, visit

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("counter")]
NEW = "registry.lab:5000/counter-web:2"
MONITOR_S = 2  # in the example's file
Changed = Callable[..., str]


def test_a_new_version_under_requests(
    changed: Changed,
    orchestrate: Orchestrate,
    nodes: Nodes,
    record_property: Callable[[str, object], None],
) -> None:
    began = time.time()
    with Stream(nodes.addresses) as stream:
        orchestrate("deploy", "-f", changed(image=NEW))
    moments = rollout_moments(nodes, began)

    record_property("requests sent, failed", (len(stream.samples), len(stream.failed)))
    assert stream.failed == []
    assert len(stream.samples) > 100
    assert stream.versions() == ["1", "2"]
    assert len(moments) == 3
    first_healthy = moments[0].healthy
    assert max(stream.answered_by("1")) > first_healthy, "the old one answers until the new one may"
    assert min(stream.answered_by("2")) > first_healthy, "the new one does not answer before it may"
    for before, after in pairwise(moments):
        assert after.started > before.old_died, "one after the other"
    assert all(node.old_died > node.healthy + MONITOR_S for node in moments), "monitored"
    assert {moment.node for moment in moments} == {node.name for node in nodes}
    assert {visit(address).version for address in nodes.addresses} == {"2"}
    assert orchestrate("converge", "-o", "json").json["actions"] == []


class Moments:
    """When a node's new replica was started and became healthy, and when its old one ended."""

    def __init__(self, node: str, events: list[list[str]]) -> None:
        self.node = node
        self.started = self._first(events, "start")
        self.healthy = self._first(events, "health_status: healthy")
        self.old_died = self._first(events, "die")

    @staticmethod
    def _first(events: list[list[str]], action: str) -> float:
        return next(int(at) / 1e9 for at, what in events if what == action)


def rollout_moments(nodes: Nodes, since: float) -> list[Moments]:
    """What the engines say of the web replicas, in the order of their starts."""
    found = []
    for node in nodes:
        listed = node.run(
            "docker",
            "events",
            f"--since={since:.3f}",
            f"--until={time.time():.3f}",
            f"--filter=label={SERVICE}=web",
            "--format={{.TimeNano}}|{{.Action}}",
        )
        found.append(Moments(node.name, [line.split("|") for line in listed.splitlines()]))
    return sorted(found, key=lambda moments: moments.started)


def test_an_image_that_does_not_start(
    changed: Changed, orchestrate: Orchestrate, nodes: Nodes
) -> None:
    broken = changed(image=NEW, command=["sh", "-c", "echo settings.ini is missing; exit 3"])

    with Stream(nodes.addresses, rate=10) as stream:
        ran = orchestrate("deploy", "-f", broken, code=1)

    assert stream.failed == []
    assert stream.versions() == ["1"]
    assert "exited with code 3" in ran.err
    assert "settings.ini is missing" in ran.err
    assert ran.out.startswith('Failed at "Replace counter/web.1" on n')
    assert sum(row["passing"] for row in orchestrate("status", "-o", "json").json) == 4


def test_a_version_that_answers_and_then_ends(changed: Changed, orchestrate: Orchestrate) -> None:
    short_lived = changed(
        image=NEW,
        command=["sh", "-c", "timeout 10 python3 server.py; exit 3"],
        restart="no",
        deploy={"replicas": 3, "update_config": {"order": "start-first", "monitor": "30s"}},
    )

    ran = orchestrate("deploy", "-f", short_lived, code=1)

    assert "did not stay healthy for 30 s: exited with code 3" in ran.err
    assert ran.out.startswith('Failed at "Replace counter/web.1" on n')
    assert sum(row["passing"] for row in orchestrate("status", "-o", "json").json) == 4


def test_an_image_that_is_not_there(
    changed: Changed, orchestrate: Orchestrate, nodes: Nodes
) -> None:
    before, journal = nodes.containers(), nodes.journal()

    ran = orchestrate("deploy", "-f", changed(image="registry.lab:5000/counter-web:9"), code=1)

    assert "registry.lab:5000/counter-web:9" in ran.err
    assert "manifest unknown" in ran.err
    assert nodes.containers() == before
    assert nodes.journal() == journal
    assert orchestrate("converge").out.startswith("Nothing to do")
