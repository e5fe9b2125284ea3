"""What the containers of a node hold of it."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.observed.parts import Part
from orchestrate.planner.placement.filters import refusal
from orchestrate.planner.placement.ledger import Account, open_ledger
from orchestrate.planner.placement.place import place
from orchestrate.scheduler.demand import Mark, abandoned_mark, mounted_mark, port_mark, volume_mark
from tests.builders import (
    GIB,
    changed,
    container_of,
    mounted,
    node,
    published,
    replica,
    reserved,
    serving,
    silent,
)

LARGE = replica(
    resources=reserved(memory=GIB // 4, cpus=0.5), ports=published(80), mounts=mounted()
)
PORT, DATA = port_mark(80, "tcp"), volume_mark("counter_data")
USED = mounted_mark("counter_data", ("counter", "web"))
LEFT = abandoned_mark("counter_data")


def test_every_readable_node_has_an_account() -> None:
    nodes = [
        node(name="n3"),
        silent(name="n2"),
        node(name="n1", engine=Part(state="stopped")),
        node(name="n0", runs_containers=False),
    ]

    assert list(open_ledger(nodes)) == ["n0", "n3"]


def marks(account: Account) -> set[Mark]:
    """What holds of the node, of all that was ever marked."""
    asked = (PORT, DATA, USED, LEFT, volume_mark("other"))
    masks = ((mark, account.ledger.table.marked(mark)) for mark in asked)
    return {mark for mark, mask in masks if mask is not None and mask[account.row]}


def test_containers_are_booked() -> None:
    stopped = container_of(replica(slot=2, resources=reserved(memory=GIB)), state="exited")
    account = open_ledger([node(containers=(container_of(LARGE), stopped))])["n1"]

    assert (account.memory, account.cpus) == ((GIB * 1.25, GIB), (0.5, 4))
    assert marks(account) == {PORT, DATA, USED}
    assert account.total == 2


@pytest.mark.parametrize(
    ("state", "held"),
    [
        pytest.param({"state": "running"}, GIB // 4, id="runs"),
        pytest.param({"state": "exited", "exit_code": 0}, 0, id="has-completed"),
        pytest.param({"state": "exited", "exit_code": 1}, GIB // 4, id="has-failed"),
    ],
)
def test_what_has_completed_gives_back_what_it_reserved(state: dict[str, Any], held: int) -> None:
    wanted = replica(changed(LARGE.service, completes=True))
    account = open_ledger([node(containers=(container_of(wanted, **state),))], set())["n1"]

    assert account.memory == (held, GIB)
    assert marks(account) == {DATA} | ({PORT, USED, LEFT} if held else set())
    assert account.total == 1

    account.leave(container_of(wanted, **state))
    assert (account.memory, account.cpus, account.total) == ((0, GIB), (0, 4), 0)


@pytest.mark.parametrize(
    ("foreign", "held"),
    [
        pytest.param({}, (0, 0), id="does-not-count"),
        pytest.param({"memory": GIB / 2, "cpus": 1.5, "pids": 7}, (GIB // 2, 1.5), id="counts"),
        pytest.param({"memory": 2 * GIB, "cpus": 9}, (2 * GIB, 9), id="more-than-there-is"),
        pytest.param({"memory": -1, "cpus": float("nan")}, (0, 0), id="nonsense"),
        pytest.param({"gpu": 3}, (0, 0), id="what-nobody-counts"),
    ],
)
def test_what_others_hold_is_booked(foreign: dict[str, float], held: tuple[int, float]) -> None:
    account = open_ledger([node(foreign=foreign)])["n1"]

    assert (account.memory, account.cpus) == ((held[0], GIB), (held[1], 4))
    assert account.total == 0


def test_what_leaves_is_booked_out() -> None:
    account = open_ledger([serving(LARGE)])["n1"]
    account.leave(container_of(LARGE))

    assert (account.memory, account.cpus, account.total) == ((0, GIB), (0, 4), 0)
    assert marks(account) == {DATA}, "the data stays"


def test_a_booked_replica_counts_as_a_container_does() -> None:
    ledger = open_ledger([node()])
    booked, seen = ledger["n1"], open_ledger([serving(LARGE)])["n1"]
    ledger.book(LARGE, "n1")

    assert (booked.memory, booked.cpus, marks(booked)) == (seen.memory, seen.cpus, marks(seen))
    assert (booked.total, ledger.runs(("counter", "web"))) == (seen.total, True)


@pytest.mark.parametrize(
    ("fields", "asked", "reason"),
    [
        pytest.param({"capacity": {"memory": 2 * GIB}}, {"memory": 2 * GIB}, None, id="as-said"),
        pytest.param(
            {"capacity": {"memory": GIB / 2}}, {"memory": GIB}, "memory, needs 1.0 GiB", id="less"
        ),
        pytest.param(
            {"reserve": {"memory": 1}}, {"memory": GIB}, "memory, needs 1.0 GiB", id="the-systems"
        ),
        pytest.param({"reserve": {"cpus": 0.5}}, {"cpus": 3.5}, None, id="what-is-left"),
        pytest.param({"reserve": {"cpus": 0.5}}, {"cpus": 3.6}, "CPUs, needs 3.6", id="no-more"),
        pytest.param({}, {"pids": 10**6}, None, id="processes-are-not-seen"),
        pytest.param({"capacity": {"pids": 99}}, {"pids": 100}, "pids, needs 100", id="but-said"),
        pytest.param({"capacity": {"gpu": 2}}, {"gpu": 2}, None, id="generic"),
        pytest.param({"capacity": {"gpu": 2}}, {"gpu": 3}, "gpu, needs 3", id="not-enough"),
        pytest.param({}, {"gpu": 1}, "gpu, needs 1", id="none-anywhere"),
        pytest.param({"capacity": {"addresses": 0}}, {}, None, id="a-name-is-only-a-name"),
    ],
)
def test_a_node_has_what_is_said_of_it(
    fields: dict[str, Any], asked: dict[str, Any], reason: str | None
) -> None:
    account = open_ledger([node(**fields)])["n1"]

    assert refusal(replica(resources=reserved(**asked)), account) == reason


def test_what_is_counted_is_given_once() -> None:
    wanted = replica(resources=reserved(pids=60, gpu=1))
    there = node(containers=(container_of(wanted),), capacity={"pids": 120, "gpu": 2})
    ledger = open_ledger([there])

    assert [place(replica(wanted.service, slot=slot), ledger).node for slot in (2, 3)] == [
        "n1",
        None,
    ]
    ledger["n1"].leave(container_of(wanted))
    assert place(replica(wanted.service, slot=3), ledger).node == "n1"


def test_what_no_node_has_any_more_is_not_missed() -> None:
    there = container_of(replica(resources=reserved(gpu=1)))

    assert open_ledger([node(containers=(there,))])["n1"].total == 1


@pytest.mark.parametrize("cpus", [float("nan"), float("inf"), -1.0])
def test_a_node_without_a_sound_number_of_cpus_has_none(cpus: float) -> None:
    asked = replica(resources=reserved(cpus=0.1))

    assert refusal(asked, open_ledger([node(cpus=cpus)])["n1"]) == "CPUs, needs 0.1"


def test_a_node_of_absurd_size_is_only_large() -> None:
    assert refusal(LARGE, open_ledger([node(memory=1 << 80, cpus=1e80)])["n1"]) is None


def test_the_lowest_address_that_nobody_holds_is_lent() -> None:
    held = frozenset({"10.1.0.2", "10.1.0.4"})
    seen = node(subnet="10.1.0.0/24", gateway="10.1.0.1", addresses=held)
    account = open_ledger([seen])["n1"]

    assert [account.allocate_address() for _ in range(3)] == ["10.1.0.3", "10.1.0.5", "10.1.0.6"]


def test_the_last_addresses_are_the_engines() -> None:
    held = frozenset(f"10.1.0.{number}" for number in range(2, 240))
    seen = node(subnet="10.1.0.0/24", gateway="10.1.0.1", addresses=held)

    assert refusal(replica(), open_ledger([seen])["n1"]) == "no address is free"


def test_what_the_plan_gives_away_is_not_free_any_more() -> None:
    held = frozenset(f"10.1.0.{number}" for number in range(2, 238))
    seen = node(subnet="10.1.0.0/24", gateway="10.1.0.1", addresses=held | {"hidden", "10.9.9.9"})
    ledger = open_ledger([seen])

    placed = [place(replica(slot=slot), ledger).node for slot in (1, 2, 3)]

    assert placed == ["n1", "n1", None]


def test_a_node_of_unknown_subnet_chooses_itself() -> None:
    assert open_ledger([node()])["n1"].allocate_address() == ""


@pytest.mark.parametrize("text", ["", "much", "1e400x", "1,5", "inf", "-inf", "nan", "-5"])
def test_a_label_that_is_no_number_is_nothing(text: str) -> None:
    labels = {**LARGE.config["labels"], "orchestrate.reserved.memory": text}
    strange = container_of(LARGE, config={"labels": labels})

    assert open_ledger([node(containers=(strange,))])["n1"].memory[0] == 0


def test_no_label_claims_more_than_numbers_hold() -> None:
    labels = {**LARGE.config["labels"], "orchestrate.reserved.memory": "1e300"}
    strange = tuple(container_of(LARGE, name=name, config={"labels": labels}) for name in "ab")

    assert open_ledger([node(containers=strange)])["n1"].memory[0] == 1 << 51
