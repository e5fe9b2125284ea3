"""What a service can do without, and who goes for whom when a cluster is full."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
import yaml

from tests.e2e.commands import Orchestrate
from tests.e2e.conftest import Write
from tests.e2e.nodes import Nodes
from tests.e2e.proxies import Stream
from tests.e2e.test_rollout import NEW, rollout_moments

pytestmark = pytest.mark.e2e


@pytest.mark.usefixtures("counter")
def test_one_at_a_time_though_all_could_go_at_once(
    changed: Callable[..., str], orchestrate: Orchestrate, nodes: Nodes
) -> None:
    deploy = {
        "replicas": 3,
        "update_config": {"order": "stop-first", "parallelism": 0, "monitor": "1s"},
    }

    def file(most: int) -> str:
        return changed(image=NEW, deploy=deploy, **{"x-budget": {"max_unavailable": most}})

    held = orchestrate("plan", "-f", file(0), code=None)
    with Stream(nodes.addresses) as stream:
        orchestrate("deploy", "-f", file(1))
    moments = sorted(rollout_moments(nodes, stream.samples[0].at), key=lambda one: one.old_died)

    assert held.has_line("! counter/web.1", "x-budget lets no replica be unavailable"), held.said
    assert stream.failed == []
    assert len(moments) == 3
    for before, after in pairwise(moments):
        assert after.old_died > before.healthy, "two of three answer all the time"


@pytest.fixture
def small(orchestrate: Orchestrate, nodes: Nodes, write: Write) -> Iterator[Callable[[int], str]]:
    """`small(count)`: the file of a project that fills all nodes, and wants `count` more; its path."""
    nodes.heal()
    rows = orchestrate("nodes", "-o", "json").json
    cpus = rows[0]["cpus"]["capacity"]

    def file(count: int) -> str:
        batch = _service(3, cpus * 3 / 4) | {"x-budget": {"max_unavailable": 1}}
        web = _service(count, cpus * 3 / 5) | {"x-priority": 10}
        services = {"batch": batch, "web": web} if count else {"batch": batch}
        return write("small.yml", yaml.safe_dump({"name": "small", "services": services}))

    yield file
    orchestrate("down", "small")


def _service(replicas: int, cpus: float) -> dict[str, object]:
    resources = {"reservations": {"cpus": f"{cpus:g}"}}
    return {
        "image": "registry.lab:5000/httpd:1",
        "expose": [80],
        "stop_grace_period": "1s",
        "deploy": {"replicas": replicas, "resources": resources},
    }


def test_the_more_important_pushes_out_the_less_important(
    small: Callable[[int], str], orchestrate: Orchestrate, nodes: Nodes
) -> None:
    orchestrate("deploy", "-f", small(0))
    before = {found.id for found in nodes.containers()}

    foreseen = orchestrate("plan", "-f", small(1), code=2)
    orchestrate("deploy", "-f", small(1), code=3)
    again = orchestrate("converge", code=3)
    more = orchestrate("plan", "-f", small(2), code=None)

    pushed = "makes room for small/web.1, which is more important"
    assert foreseen.has_line("stop small/batch.", pushed), foreseen.said
    assert len(before - {found.id for found in nodes.containers()}) == 1, "and no other one"
    rows = orchestrate("ps", "-o", "json").json
    running = sorted(row["replica"].partition(".")[0] for row in rows if "small/" in row["replica"])
    assert running == ["small/batch", "small/batch", "small/web"]
    assert again.out.startswith("Nothing"), again.said
    assert again.has_line("small/batch.", "fits nowhere"), again.said
    assert more.has_line("! small/web.2", "fits nowhere"), "its budget is spent"
    assert not more.has_line("stop small/batch."), more.said
