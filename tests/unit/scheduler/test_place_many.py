"""Many replicas over the branches of preferences."""

from __future__ import annotations

import pytest

from orchestrate.scheduler.demand import MEMORY, Demand
from orchestrate.scheduler.place import place_many
from orchestrate.scheduler.table import open_table
from orchestrate.scheduler.traits import Identity, Traits

OVER_ZONES = ("node.labels.zone",)


@pytest.mark.parametrize(
    ("zones", "memory", "placed"),
    [
        pytest.param("aab", [9, 9, 9], [0, 2, 1, 2, 0], id="as-many-in-each-zone"),
        pytest.param("aab", [9, 9, 1], [0, 2, 1, 0, 1], id="elsewhere-when-one-is-full"),
        pytest.param("aab", [1, 0, 1], [0, 2], id="until-room-ends"),
        pytest.param("a-b", [9, 9, 9], [0, 1, 2, 0, 1], id="without-the-label-is-one-more"),
        pytest.param("ab", [0, 0], [], id="nowhere"),
        pytest.param("", [], [], id="no-nodes"),
    ],
)
def test_zones_get_their_shares(zones: str, memory: list[int], placed: list[int]) -> None:
    traits = [Traits(labels=(("zone", zone),) if zone != "-" else ()) for zone in zones]
    owners = [Identity(f"n{number}") for number in range(len(zones))]
    table = open_table(owners, traits, {MEMORY: memory})
    demand = Demand(service=("counter", "web"), needs={MEMORY: 1}, preferences=OVER_ZONES)

    assert place_many(table, demand, 5).tolist() == placed
