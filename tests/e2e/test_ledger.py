"""What only nodes can tell: where something does not start, how engines are labelled, what others hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.nodes import Node, Nodes

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("empty")]
Write = Callable[[str, str], str]
IMAGE = "registry.lab:5000/httpd:1"
FOREIGN = "somebody-elses"
FILE = f"""
name: choosy
services:
  web:
    image: {IMAGE}
    command: [sh, -c, "test -e /srv/sound || exit 3; exec httpd -f -p 80"]
    volumes: [/srv:/srv:ro]
    expose: [80]
    stop_grace_period: 1s
    deploy: {{placement: {{constraints: [engine.labels.disk == ssd]}}}}
"""
GREEDY = f"""
name: greedy
services:
  web:
    image: {IMAGE}
    deploy:
      placement: {{constraints: [node.hostname == n3]}}
      resources: {{reservations: {{cpus: "0.01"}}}}
"""
_LABEL = """
import json, sys
file = "/etc/docker/daemon.json"
settings = json.load(open(file))
settings.pop("labels", None)
settings |= {"labels": sys.argv[1:]} if sys.argv[1:] else {}
json.dump(settings, open(file, "w"))
"""


def label(node: Node, *labels: str) -> None:
    """An engine takes new labels without a restart."""
    node.run("python3", "-c", _LABEL, *labels)
    node.run("systemctl", "reload", "docker")


@pytest.fixture
def labelled(orchestrate: Orchestrate, nodes: Nodes) -> Iterator[None]:
    """On n1 and n2, which are of the wanted kind, only n2 is sound."""
    for name in ("n1", "n2"):
        label(nodes[name], "disk=ssd")
    nodes["n2"].run("touch", "/srv/sound")
    yield
    for name in ("n1", "n2"):
        label(nodes[name])
    nodes["n2"].run("rm", "-f", "/srv/sound")
    orchestrate("down", "choosy")


@pytest.mark.usefixtures("labelled")
def test_what_does_not_start_on_one_node_runs_on_another(
    write: Write, orchestrate: Orchestrate, nodes: Nodes
) -> None:
    failed = orchestrate("deploy", "-f", write("compose.yml", FILE), code=1)
    moved = orchestrate("converge", "-o", "json").json

    assert failed.out.startswith('Failed at "Start choosy/web.1" on n1')
    assert [
        (one["verb"], one["node"]) for one in moved["actions"] if one["verb"] in {"stop", "start"}
    ] == [("stop", "n1"), ("start", "n2")]
    assert {name: len(found) for name, found in nodes.running().items()} == {
        "n1": 0,
        "n2": 1,
        "n3": 0,
    }
    assert orchestrate("converge").out.startswith("Nothing to do")


def test_what_others_hold_counts_if_asked(
    write: Write, orchestrate: Orchestrate, nodes: Nodes
) -> None:
    settings = write("orchestrate.yml", "count_foreign: true\n")
    cpus = nodes["n3"].run("nproc").strip()
    nodes["n3"].run("docker", "run", "-d", f"--name={FOREIGN}", f"--cpus={cpus}", IMAGE)
    before = nodes["n3"].containers()
    try:
        file = write("compose.yml", GREEDY)
        refused = orchestrate("deploy", "-f", file, "--settings", settings, code=4)
        shown = orchestrate("nodes", "-o", "json", "--settings", settings).json
        plan = orchestrate("plan", "-f", file, code=2)
        after = nodes["n3"].containers()
    finally:
        nodes["n3"].run("docker", "rm", "-f", FOREIGN)

    assert "CPUs, needs 0.01, which containers that are not ours hold" in refused.err
    assert {row["node"]: row["foreign"] for row in shown} == {
        "n1": None,
        "n2": None,
        "n3": {"cpus": float(cpus), "memory": 0, "pids": 0},
    }
    assert "n3: start greedy/web.1" in plan.out
    assert after == before
