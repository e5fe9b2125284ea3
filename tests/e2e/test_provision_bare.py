"""From a host with sshd and python3 to a cluster that serves: everything is installed on the way."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from orchestrate.lab.engine import find_engine
from tests.e2e.commands import Orchestrate, Place
from tests.e2e.conftest import COUNTER, LAB, lab_of
from tests.e2e.nodes import Nodes
from tests.e2e.proxies import visit
from tests.until import until

pytestmark = pytest.mark.e2e
NAME = f"{LAB}-bare"


def die_while_installing(place: Place, directory: Path) -> None:
    """What the driver has begun goes on without it, and so is half done when the next one comes."""
    engine = find_engine()
    assert engine
    with closing(engine.client):
        (node,) = Nodes(engine.client, NAME)
        running = Orchestrate(directory / "inventory.yml", place).start("provision")
        until(
            lambda: "docker.service" in node.run("ls", "/lib/systemd/system"),
            "the engine's package is unpacked",
            within_s=120,
        )
        running.kill()


def test_a_bare_host_becomes_a_cluster(place: Place) -> None:
    prepare = partial(die_while_installing, place)
    with lab_of(NAME, place, "--nodes", "1", "--bare", prepare=prepare) as lab:
        lab.orchestrate("deploy", "-f", COUNTER)

        (address,) = lab.nodes.addresses
        visits = [visit(address) for _ in range(6)]
        assert [one.number for one in visits] == [1, 2, 3, 4, 5, 6]
        assert len({one.host for one in visits}) == 3
        assert lab.orchestrate("provision").out == "Provisioned; nothing had to change.\n"
        assert lab.orchestrate("converge", "-o", "json").json["actions"] == []
