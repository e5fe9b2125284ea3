"""The plan is a playbook: run by hand, by plain `ansible-playbook`, it comes to the same end."""

from __future__ import annotations

import re

import pytest

from tests.e2e.commands import Orchestrate, Ran
from tests.e2e.conftest import COUNTER, ROOT
from tests.e2e.nodes import Nodes
from tests.e2e.proxies import visit

pytestmark = pytest.mark.e2e
CONVERGE = str(ROOT / "playbooks" / "converge.yml")


@pytest.mark.usefixtures("empty")
def test_the_plan_of_a_first_deployment(orchestrate: Orchestrate, nodes: Nodes) -> None:
    planned = orchestrate("plan", "-f", COUNTER, "-o", "plan.yml", code=2)
    assert "plan.yml" in planned.out
    assert nodes.containers() == []

    played = orchestrate.playbook("plan.yml")

    assert played.code == 0, played.said
    assert sorted(changed_by_host(played)) == ["n1", "n2", "n3"]
    by_hand = nodes.containers()
    assert len(by_hand) == 4
    assert {visit(address).version for address in nodes.addresses} == {"1"}
    assert orchestrate("deploy", "-f", COUNTER, "-o", "json").json["actions"] == []
    assert nodes.containers() == by_hand


@pytest.mark.usefixtures("counter")
def test_the_cycle_as_a_playbook(orchestrate: Orchestrate, nodes: Nodes) -> None:
    idle = orchestrate.playbook(CONVERGE)
    assert (idle.code, changed_by_host(idle)) == (0, {"localhost": 0}), idle.said
    nodes["n2"].shell("docker rm -f $(docker ps -q -f name=counter-web)")
    damaged = nodes.containers()

    checked = orchestrate.playbook(CONVERGE, "--check")
    assert (checked.code, changed_by_host(checked)) == (0, {"localhost": 1}), checked.said
    assert nodes.containers() == damaged

    mended = orchestrate.playbook(CONVERGE)

    assert (mended.code, changed_by_host(mended)) == (0, {"localhost": 1}), mended.said
    assert "4 containers on 3 nodes are as desired" in mended.out
    assert len(nodes.containers()) == 4
    assert orchestrate("plan").out.startswith("Nothing to do")


def changed_by_host(ran: Ran) -> dict[str, int]:
    """Ansible's recap."""
    found = re.findall(r"^(\S+)\s+: ok=\d+ +changed=(\d+)", ran.out, re.MULTILINE)
    return {host: int(count) for host, count in found}
