"""Tags that move: what was deployed stays, until somebody deploys again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orchestrate.lab.registry import find_registry, local_address
from tests.e2e.commands import Orchestrate
from tests.e2e.nodes import Nodes

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("empty")]
Write = Callable[[str, str], str]
IMAGE = "registry.lab:5000/moving:1"
FILE = f"""
name: images
services:
  web:
    image: {IMAGE}
    entrypoint: [sleep, "1000"]
    stop_grace_period: 0s
    deploy: {{mode: global, update_config: {{monitor: 0s}}}}
"""


def test_a_tag_that_moves(write: Write, orchestrate: Orchestrate, nodes: Nodes) -> None:
    file = write("compose.yml", FILE)
    push(nodes, "httpd:1")
    orchestrate("deploy", "-f", file)
    (first,) = images(nodes)

    push(nodes, "httpd:2")
    nodes["n1"].run("docker", "rm", "--force", *nodes.running()["n1"])
    orchestrate("converge")
    assert images(nodes) == {first}, "a repair brings the same image"

    assert orchestrate("plan", "-f", file, code=2).has_line("image:", "moving:1@sha256:")
    orchestrate("deploy", "-f", file)
    (second,) = images(nodes)
    assert second != first
    assert orchestrate("deploy", "-f", file).out.startswith("Nothing to do")
    rows = orchestrate("ps", "-o", "json").json
    assert {row["image"] for row in rows} == {IMAGE}
    orchestrate("down", "images")


def push(nodes: Nodes, name: str) -> None:
    """Make the tag stand for another image of the lab's registry."""
    registry = find_registry(nodes.client, nodes.lab)
    assert registry
    at = local_address(registry)
    image = nodes.client.images.pull(f"{at}/{name}")
    image.tag(f"{at}/moving", tag="1")
    nodes.client.images.push(f"{at}/moving", tag="1")


def images(nodes: Nodes) -> set[str]:
    """The ids of the images that the replicas run."""
    return {
        node.run("docker", "inspect", "--format", "{{.Image}}", name).strip()
        for node in nodes
        for name in nodes.running()[node.name]
    }
