"""From a host with sshd and python3 to a cluster that serves: everything is installed on the way."""

from __future__ import annotations

import pytest

from tests.e2e.commands import Place
from tests.e2e.conftest import COUNTER, LAB, lab_of
from tests.e2e.proxies import visit

pytestmark = pytest.mark.e2e


def test_a_bare_host_becomes_a_cluster(place: Place) -> None:
    with lab_of(f"{LAB}-bare", place, "--nodes", "1", "--bare") as lab:
        lab.orchestrate("deploy", "-f", COUNTER)

        (address,) = lab.nodes.addresses
        visits = [visit(address) for _ in range(6)]
        assert [one.number for one in visits] == [1, 2, 3, 4, 5, 6]
        assert len({one.host for one in visits}) == 3
        assert lab.orchestrate("provision").out == "Provisioned; nothing had to change.\n"
        assert lab.orchestrate("converge", "-o", "json").json["actions"] == []
