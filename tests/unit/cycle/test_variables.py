"""Files that ask for variables of the inventory."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.spec.constraints import parse_constraint
from tests.builders import changed, project
from tests.fakes import FakeCluster
from tests.unit.cycle.conftest import WEB

GOLD = (parse_constraint("node.vars.tier == gold"),)


@pytest.mark.parametrize(
    ("fields", "running"),
    [
        pytest.param(
            {"constraints": GOLD, "replicas": 3},
            ["n1 web:1 1", "n1 web:1 3", "n2 web:1 2"],
            id="constraint",
        ),
        pytest.param(
            {"preferences": ("node.vars.tier",), "replicas": 4},
            ["n1 web:1 1", "n2 web:1 3", "n3 web:1 2", "n3 web:1 4"],
            id="preference",
        ),
    ],
)
def test_a_variable_decides_where_replicas_go(
    cluster: FakeCluster, fields: dict[str, Any], running: list[str]
) -> None:
    cluster.inventory.said = {"n1": {"tier": "gold", "other": "x"}, "n2": {"tier": "gold"}}
    wanted = project(changed(WEB, **fields))

    report = cluster.converge(wanted)

    assert cluster.running() == running
    assert report.exit_code == 0
    assert not cluster.converge(wanted).changed


def test_who_loses_the_variable_loses_the_replicas(cluster: FakeCluster) -> None:
    cluster.inventory.said = {"n2": {"tier": "gold"}}
    cluster.converge(project(changed(WEB, constraints=GOLD)))
    cluster.inventory.said = {"n3": {"tier": "gold"}}

    cluster.converge(project(changed(WEB, constraints=GOLD)))

    assert cluster.running() == ["n3 web:1 1", "n3 web:1 2", "n3 web:1 3"]
