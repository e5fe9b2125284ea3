"""`depends_on`, on nodes: what comes first, what runs once, and what waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.nodes import Node, Nodes

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("alone")]
FILE = Path(__file__).parent / "projects" / "dependencies.yml"
Write = Callable[[str, str], str]


@pytest.fixture
def alone(empty: None, orchestrate: Orchestrate) -> Iterator[None]:  # noqa: ARG001 - it prepares
    yield
    orchestrate("down", "dependencies")


def test_each_comes_after_what_it_needs(
    write: Write, orchestrate: Orchestrate, nodes: Nodes
) -> None:
    orchestrate("deploy", "-f", str(FILE))

    store, migration, page = (moments(nodes, name) for name in ("store", "migration", "page"))
    assert store.started < migration.started < migration.ended < page.started
    assert migrations(nodes) == "1"
    assert orchestrate("converge").out.startswith("Nothing to do")
    shown = {row["service"]: row["passing"] for row in orchestrate("status", "-o", "json").json}
    assert shown == {"store": 1, "migration": 1, "page": 1}

    node_of(nodes, "page").run("docker", "rm", "--force", name_of(nodes, "page"))
    orchestrate("converge")
    assert migrations(nodes) == "1", "what has completed is not run again"

    newer = FILE.read_text(encoding="utf-8").replace("interval: 1s", "interval: 2s")
    orchestrate("deploy", "-f", write("newer.yml", newer))
    assert moments(nodes, "store").started < moments(nodes, "page").started, "it follows the store"
    assert moments(nodes, "migration") == migration


def test_what_others_wait_for_fails(write: Write, orchestrate: Orchestrate, nodes: Nodes) -> None:
    failing = FILE.read_text(encoding="utf-8").replace("INCR, migrations", "--no-such-option")

    ran = orchestrate("deploy", "-f", write("failing.yml", failing), code=1)

    assert "dependencies-migration-1" in ran.err
    assert names(nodes, "page") == []

    orchestrate("deploy", "-f", str(FILE))
    assert len(names(nodes, "page")) == 1


class Moments(NamedTuple):
    started: datetime
    ended: datetime


def moments(nodes: Nodes, service: str) -> Moments:
    """When the only replica of a service was started, and when it ended last."""
    form = "{{.State.StartedAt}} {{.State.FinishedAt}}"
    name = name_of(nodes, service)
    said = node_of(nodes, service).run("docker", "inspect", "--format", form, name)
    return Moments(*map(datetime.fromisoformat, said.split()))


def names(nodes: Nodes, service: str) -> list[str]:
    begins = f"dependencies-{service}-1-"
    return [one.name for one in nodes.containers() if one.name.startswith(begins)]


def name_of(nodes: Nodes, service: str) -> str:
    (name,) = names(nodes, service)
    return name


def node_of(nodes: Nodes, service: str) -> Node:
    name = name_of(nodes, service)
    return next(node for node in nodes if name in {one.name for one in node.containers()})


def migrations(nodes: Nodes) -> str:
    store = name_of(nodes, "store")
    run = node_of(nodes, "store").run
    return run("docker", "exec", store, "redis-cli", "GET", "migrations").strip()
