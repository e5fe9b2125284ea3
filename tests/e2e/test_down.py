"""A project goes, with what it registered and routed; its data stays until somebody says so."""

from __future__ import annotations

import pytest

from tests.e2e.commands import Orchestrate
from tests.e2e.conftest import COUNTER
from tests.e2e.nodes import Nodes
from tests.e2e.proxies import get, visit

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("counter")]
VOLUME = "counter_data"


def test_down_keeps_the_data_until_somebody_says_so(orchestrate: Orchestrate, nodes: Nodes) -> None:
    address = nodes.addresses[0]
    counted = visit(address).number
    (holder,) = [node.name for node in nodes if VOLUME in node.volumes()]

    ran = orchestrate("down", "counter")

    assert_gone(orchestrate, nodes)
    assert "as desired" in ran.out
    assert VOLUME in nodes[holder].volumes()
    assert orchestrate("down", "counter", code=4).err.startswith("no project 'counter' is deployed")
    orchestrate("deploy", "-f", COUNTER)
    assert visit(address).number == counted + 1

    orchestrate("down", "counter", "--volumes")

    assert_gone(orchestrate, nodes)
    assert [node.name for node in nodes if VOLUME in node.volumes()] == []


def assert_gone(orchestrate: Orchestrate, nodes: Nodes) -> None:
    assert nodes.containers() == []
    for node in nodes:
        assert "counter" not in str(node.consul("agent/services"))
        assert "counter" not in node.shell("ls /etc/consul.d")
        assert "counter" not in node.run("cat", "/etc/haproxy/haproxy.cfg")
        assert get(node.address).status == 503
    assert nodes.journal() == ""
    assert orchestrate("status").out.startswith("Nothing is deployed")
