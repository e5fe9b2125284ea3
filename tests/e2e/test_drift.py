"""What a hand changes on a node is named with its reason, mended by one cycle, and then forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.damage import run_again, run_beside
from tests.e2e.nodes import PROJECT, SERVICE, SLOT, Found, Node, Nodes
from tests.e2e.proxies import visit
from tests.until import until

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("counter", "drift")]
FILE = str(Path(__file__).parent / "projects" / "drift.yml")
OTHER_IMAGE = "registry.lab:5000/httpd:2"
IMAGE = "registry.lab:5000/httpd:1"
Where = dict[str, tuple[Node, str]]


@pytest.fixture
def drift(orchestrate: Orchestrate, nodes: Nodes) -> Iterator[Where]:
    """The project `drift` beside the example: service -> its node and its container."""
    orchestrate("deploy", "-f", FILE)
    rows = orchestrate("ps", "-o", "json").json
    yield {
        row["replica"].removeprefix("drift/").removesuffix(".1"): (
            nodes[row["node"]],
            row["container"],
        )
        for row in rows
        if row["replica"].startswith("drift/")
    }
    nodes.heal()
    orchestrate("down", "drift", "--volumes")


@pytest.fixture
def bystanders(nodes: Nodes) -> Iterator[set[Found]]:
    """Containers that are not ours: without labels, stopped, and with the labels that Compose gives."""
    ways = {
        "plain": ("--network=orchestrate",),
        "stopped": (),
        "composed": (f"--label={PROJECT}=drift", f"--label={SERVICE}=stopped"),
        "slotted": (f"--label={SLOT}=1",),
    }
    node = nodes["n2"]
    node.run("docker", "pull", "--quiet", IMAGE)
    for name, options in ways.items():
        node.run("docker", "run", "--detach", f"--name=bystander-{name}", *options, IMAGE)
    node.run("docker", "stop", "--time=0", "bystander-stopped")
    yield {found for found in node.containers() if found.name.startswith("bystander-")}
    node.run("docker", "rm", "--force", *(f"bystander-{name}" for name in ways))


def spoil_containers(drift: Where) -> None:
    """All of them at once: each concerns a service of its own."""
    node, name = drift["stopped"]
    node.run("docker", "stop", name)
    node, name = drift["removed"]
    node.run("docker", "rm", "--force", name)
    node, name = drift["killed"]
    node.run("docker", "kill", name)
    node, name = drift["image"]
    node.run("docker", "pull", "--quiet", OTHER_IMAGE)
    run_again(node, name, image=OTHER_IMAGE)
    node, name = drift["environment"]
    run_again(node, name, "--env=COLOUR=red")
    node, name = drift["memory"]
    run_again(node, name, "--memory=128m")
    node, name = drift["mount"]
    run_again(node, name, "--mount=type=bind,source=/tmp,target=/data")
    node, name = drift["label"]
    run_again(node, name, "--label=team=b")
    node, name = drift["extra"]
    run_beside(node, name, "by-hand-twin")
    run_beside(node, name, "by-hand-surplus", f"--label={SLOT}=7")


def spoil_registrations(drift: Where) -> None:
    node, name = drift["deregistered"]
    node.tell_consul(f"agent/service/deregister/{name}")
    node, name = drift["unfiled"]
    node.run("rm", f"/etc/consul.d/replica-{name}.json")
    node.run("consul", "reload")


NAMED = {
    "stopped": ("start drift/stopped.1", "exited (exit code "),
    "removed": ("start drift/removed.1", "missing"),
    "killed": ("start drift/killed.1", "exited (exit code 137)"),
    "image": (f'image: "{OTHER_IMAGE}" -> "{IMAGE}@sha256:',),
    "environment": ('environment.COLOUR: "red" -> "blue"',),
    "memory": ("memory: 134217728 -> 67108864",),
    "mount": ("mounts: type=bind, source=/tmp, target=/data -> ", "source=drift_data"),
    "label": ('labels.team: "b" -> "a"',),
    "twin": ("stop drift/extra.1", "another container holds its slot"),
    "surplus": ("stop drift/extra.7", "surplus"),
    "deregistered": ("register drift/deregistered.1", "not registered in Consul"),
    "unfiled": ("register drift/unfiled.1", "not registered in Consul"),
}
"""What is done by hand -> the parts of the plan's line that names it."""


def test_containers_and_registrations(
    drift: Where, bystanders: set[Found], orchestrate: Orchestrate, nodes: Nodes
) -> None:
    spoil_containers(drift)
    spoil_registrations(drift)

    planned = orchestrate("plan", code=2)

    unnamed = [what for what, parts in NAMED.items() if not planned.has_line(*parts)]
    assert unnamed == [], planned.said
    for service in ("image", "environment", "memory", "mount", "label"):
        assert planned.has_line(f"start drift/{service}.1", "changed by hand"), planned.said
    assert_mended(orchestrate, nodes, bystanders)


def spoil_parts(nodes: Nodes) -> None:
    """Every part of a node, spread over the three so that none hides another."""
    first, second, third = nodes
    first.shell("echo '# by hand' >> /etc/haproxy/haproxy.cfg")
    first.shell("ip route del $(ip route show dev orch-vx | grep -m1 via | cut -d' ' -f1)")
    first.run("systemctl", "stop", "consul")
    second.run("ip", "link", "delete", "orch0")
    second.run("systemctl", "stop", "haproxy")
    third.run("systemctl", "stop", "docker.socket", "docker.service")
    until(lambda: leader_beside(second, third), "the other two agents know a leader", within_s=60)


def leader_beside(*nodes: Node) -> bool:
    """Do these agree on one of their own? For a while they believe in the leader that is gone."""
    leaders = {node.consul("status/leader") for node in nodes}
    return leaders <= {f"{node.address}:8300" for node in nodes} and len(leaders) == 1


PARTS = {
    "configuration of the proxy": ("n1: configure proxy", "haproxy.cfg differs"),
    "route": ("n1: repair network", "route to ", "is missing"),
    "Consul agent": ("n1: repair consul", "Consul agent is stopped"),
    "bridge": ("n2: repair network", "bridge orch0 is missing"),
    "HAProxy": ("n2: configure proxy", "haproxy.service is inactive"),
    "Docker": ("n3: repair engine", "Docker Engine is stopped"),
}


def test_parts_of_a_node(bystanders: set[Found], orchestrate: Orchestrate, nodes: Nodes) -> None:
    before = nodes.containers()
    spoil_parts(nodes)

    planned = orchestrate("plan", code=2)

    unnamed = [what for what, parts in PARTS.items() if not planned.has_line(*parts)]
    assert unnamed == [], planned.said
    assert_mended(orchestrate, nodes, bystanders)
    assert nodes.containers() == before, "containers are left as they are while parts are mended"


def assert_mended(orchestrate: Orchestrate, nodes: Nodes, bystanders: set[Found]) -> None:
    """One cycle mends it all, the next has nothing to do, and whose it is not was let be."""
    orchestrate("converge")
    assert orchestrate("plan").out.startswith("Nothing to do")
    assert orchestrate("converge", "-o", "json").json["actions"] == []
    rows = orchestrate("status", "-o", "json").json
    assert all(row["passing"] == row["wanted"] for row in rows), rows
    assert bystanders <= set(nodes.containers())
    assert len({visit(address).number for address in nodes.addresses}) == 3
