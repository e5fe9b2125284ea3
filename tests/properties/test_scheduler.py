"""The scheduler decides as the plain one does, for one replica or for many."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from orchestrate.model.settings import Strategy
from orchestrate.scheduler.demand import ADDRESSES, CPUS, MEMORY, Claims, Demand, generic_kind
from orchestrate.scheduler.filters import refusal, refusals
from orchestrate.scheduler.place import place_many, place_one
from orchestrate.scheduler.table import Table, open_table
from orchestrate.scheduler.traits import Identity, Traits
from orchestrate.spec.constraints import parse_constraint
from tests.examples import examples
from tests.plain_scheduler import PlainNode, can_take, place_plainly

LINES = (
    "node.labels.zone == a",
    "node.group != web",
    "node.hostname != n2",
    "node.hostname == n1",
    "node.hostname in n0, n3",
)
KINDS = (MEMORY, CPUS, generic_kind("gpu"), ADDRESSES)
PREFERENCES = ("node.labels.zone", "node.group", "node.platform.arch")
TRAITS = st.builds(
    Traits,
    shut=st.sampled_from(["", "", "", "cordoned"]),
    labels=st.sampled_from([(), (("zone", "a"),), (("zone", "b"),)]),
    groups=st.frozensets(st.sampled_from(["web", "edge"])),
    os=st.just("linux"),
    arch=st.sampled_from(["amd64", "amd64", "arm64"]),
)
CAPACITY = st.fixed_dictionaries(dict.fromkeys(KINDS, st.integers(0, 12)))
CLUSTERS = st.lists(st.tuples(TRAITS, CAPACITY), max_size=6)
CLAIMS = st.builds(
    Claims,
    ports=st.sampled_from([(), (), (), ((80, "tcp"),), ((80, "udp"), (53, "udp"))]),
    volumes=st.sampled_from([(), (), (), ("data",)]),
    whole=st.sampled_from([(), (), (), (generic_kind("gpu"),)]),
    devices=st.sampled_from([(), (), (), (("gpu", "0"),), (("gpu", "0"), ("gpu", "1"))]),
)
DEMANDS = st.builds(
    Demand,
    service=st.tuples(st.just("counter"), st.sampled_from(["web", "db", "job"])),
    needs=st.dictionaries(st.sampled_from(KINDS), st.integers(1, 4)),
    constraints=st.sampled_from([(), (), *((parse_constraint(line),) for line in LINES)]),
    platform=st.sampled_from(["", "", "linux/amd64"]),
    claims=CLAIMS,
    most_per_node=st.integers(0, 3),
    preferences=st.lists(st.sampled_from(PREFERENCES), max_size=3, unique=True).map(tuple),
    strategy=st.sampled_from(["spread", "spread", "binpack"]),
    failed=st.just({}) | st.dictionaries(st.sampled_from(["n0", "n1", "n4"]), st.integers(1, 2)),
)
WANTED = st.lists(st.tuples(DEMANDS, st.integers(0, 20)), max_size=6)
Cluster = Sequence[tuple[Traits, Mapping[str, int]]]
Wanted = Sequence[tuple[Demand, int]]
often = examples(20)


def table_of(cluster: Cluster) -> Table:
    owners = [Identity(f"n{number}") for number in range(len(cluster))]
    capacity = {kind: [most[kind] for _, most in cluster] for kind in KINDS}
    return open_table(owners, [traits for traits, _ in cluster], capacity)


def plain_of(cluster: Cluster) -> list[PlainNode]:
    return [
        PlainNode(name=f"n{number}", traits=traits, capacity=capacity)
        for number, (traits, capacity) in enumerate(cluster)
    ]


def placed_one_by_one(table: Table, demand: Demand, count: int) -> list[str]:
    rows = [place_one(table, demand) for _ in range(count)]
    return [table.names[row] for row in rows if row is not None]


def placed_together(table: Table, demand: Demand, count: int) -> list[str]:
    return [table.names[row] for row in place_many(table, demand, count)]


@often
@given(CLUSTERS, WANTED)
def test_one_by_one_it_decides_as_the_plain_one(cluster: Cluster, wanted: Wanted) -> None:
    table, nodes = table_of(cluster), plain_of(cluster)

    for demand, count in wanted:
        assert placed_one_by_one(table, demand, count) == place_plainly(nodes, demand, count)


@often
@given(CLUSTERS, WANTED)
def test_together_it_decides_as_one_by_one(cluster: Cluster, wanted: Wanted) -> None:
    table, nodes = table_of(cluster), plain_of(cluster)

    for demand, count in wanted:
        assert placed_together(table, demand, count) == place_plainly(nodes, demand, count)
    assert table.total.tolist() == [node.replicas.total() for node in nodes]
    for kind in KINDS:
        left = [node.capacity[kind] - node.used[kind] for node in nodes]
        assert table.free[kind].tolist() == left


@often
@given(CLUSTERS, WANTED, st.integers(0, 20))
def test_in_two_halves_it_decides_as_at_once(cluster: Cluster, wanted: Wanted, half: int) -> None:
    at_once, halved = table_of(cluster), table_of(cluster)

    for demand, count in wanted:
        first = min(half, count)
        two = placed_together(halved, demand, first)
        two += placed_together(halved, demand, count - first)
        assert two == placed_together(at_once, demand, count)


@often
@given(CLUSTERS, WANTED)
def test_nobody_gets_what_is_not_there(cluster: Cluster, wanted: Wanted) -> None:
    table = table_of(cluster)
    counts: Counter[tuple[str, object]] = Counter()

    for demand, count in wanted:
        for name in placed_together(table, demand, count):
            counts[name, demand.service] += 1
            counts.update((name, port) for port in demand.claims.ports)
            counts.update((name, device) for device in demand.claims.devices)
            most = demand.most_per_node or counts[name, demand.service]
            assert counts[name, demand.service] <= most
            assert all(counts[name, port] == 1 for port in demand.claims.ports)
            assert all(counts[name, device] == 1 for device in demand.claims.devices)
    assert all((column >= 0).all() for column in table.free.values())


@often
@given(
    st.lists(st.integers(0, 12), min_size=1, max_size=5),
    st.integers(1, 4),
    st.integers(0, 30),
    st.sampled_from(["spread", "binpack"]),
    st.sampled_from([(), ("node.labels.zone",)]),
)
def test_nodes_are_filled_to_the_last_and_no_further(
    memory: list[int], need: int, count: int, strategy: Strategy, preferences: tuple[str, ...]
) -> None:
    cluster = [(Traits(), dict.fromkeys(KINDS, most)) for most in memory]
    demand = Demand(
        service=("counter", "web"), needs={MEMORY: need}, strategy=strategy, preferences=preferences
    )

    placed = Counter(placed_together(table_of(cluster), demand, count))

    room = {f"n{number}": most // need for number, most in enumerate(memory)}
    assert placed.total() == min(count, sum(room.values()))
    assert placed <= Counter(room)


@often
@given(CLUSTERS, DEMANDS, st.integers(1, 30))
def test_what_fits_everywhere_is_spread_to_within_one(
    cluster: Cluster, demand: Demand, count: int
) -> None:
    anywhere = Demand(service=demand.service)
    is_open = [name for name, (one, _) in zip("012345", cluster, strict=False) if not one.shut]

    placed = Counter(placed_together(table_of(cluster), anywhere, count))

    share = [placed[f"n{name}"] for name in is_open]
    assert sum(share) == placed.total() == (count if is_open else 0)
    assert not share or max(share) - min(share) <= 1


@often
@given(CLUSTERS.filter(bool), WANTED, st.randoms(use_true_random=False))
def test_a_node_that_is_lost_moves_nothing_else(
    cluster: Cluster, wanted: Wanted, dice: random.Random
) -> None:
    table, nodes = table_of(cluster), plain_of(cluster)
    for demand, count in wanted:
        placed_together(table, demand, count)
        place_plainly(nodes, demand, count)
    lost = dice.randrange(len(nodes))
    others = np.arange(len(nodes)) != lost
    del nodes[lost]
    for demand, _ in wanted:
        for _ in range(table.rows_of(demand.service).tolist().count(lost)):
            table.leave(demand.service, lost, demand.needs)
    before = {demand.service: table.rows_of(demand.service).tolist() for demand, _ in wanted}

    for demand, _ in wanted:
        row = place_one(table, demand, among=others)
        assert ([] if row is None else [table.names[row]]) == place_plainly(nodes, demand)

    for service, rows in before.items():
        assert table.rows_of(service).tolist()[: len(rows)] == rows


@often
@given(CLUSTERS, WANTED, DEMANDS)
def test_of_every_node_that_cannot_it_says_why(
    cluster: Cluster, wanted: Wanted, demand: Demand
) -> None:
    table, nodes = table_of(cluster), plain_of(cluster)
    for each, count in wanted:
        placed_together(table, each, count)
        place_plainly(nodes, each, count)

    found = {name: one.reason for one in refusals(table, demand) for name in one.nodes}

    assert found.keys() == {node.name for node in nodes if not can_take(node, demand)}
    for row, node in enumerate(nodes):
        assert refusal(table, demand, row) == found.get(node.name)
