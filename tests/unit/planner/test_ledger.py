"""What the containers of a node hold of it."""

from __future__ import annotations

import pytest

from orchestrate.model.observed import Part
from orchestrate.planner.ledger import open_ledger
from tests.builders import (
    GIB,
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


def test_every_readable_node_has_an_account() -> None:
    nodes = [
        node(name="n3"),
        silent(name="n2"),
        node(name="n1", engine=Part(state="stopped")),
        node(name="n0", runs_containers=False),
    ]

    assert list(open_ledger(nodes)) == ["n0", "n3"]


def test_containers_are_booked() -> None:
    stopped = container_of(replica(slot=2, resources=reserved(memory=GIB)), state="exited")
    account = open_ledger([node(containers=(container_of(LARGE), stopped))])["n1"]

    assert (account.memory, account.cpus) == (GIB * 1.25, 0.5)
    assert account.ports == {(80, "tcp")}
    assert account.volumes == {"counter_data"}
    assert account.total == 2


def test_what_leaves_is_booked_out() -> None:
    account = open_ledger([serving(LARGE)])["n1"]
    account.leave(container_of(LARGE))

    assert (account.memory, account.cpus, account.total) == (0, 0, 0)
    assert account.ports == set()
    assert account.mounted == {"counter_data": set()}
    assert account.volumes == {"counter_data"}, "the data stays"


def test_a_booked_replica_counts_as_a_container_does() -> None:
    booked, seen = open_ledger([node()])["n1"], open_ledger([serving(LARGE)])["n1"]
    booked.book(LARGE)

    assert (booked.memory, booked.cpus, booked.ports) == (seen.memory, seen.cpus, seen.ports)
    assert (booked.replicas, booked.mounted) == (seen.replicas, seen.mounted)


def test_the_lowest_address_that_nobody_holds_is_lent() -> None:
    held = frozenset({"10.1.0.2", "10.1.0.4"})
    seen = node(subnet="10.1.0.0/24", gateway="10.1.0.1", addresses=held)
    account = open_ledger([seen])["n1"]

    assert [account.lend_address() for _ in range(3)] == ["10.1.0.3", "10.1.0.5", "10.1.0.6"]


def test_the_last_addresses_are_the_engines() -> None:
    held = frozenset(f"10.1.0.{number}" for number in range(2, 240))
    seen = node(subnet="10.1.0.0/24", gateway="10.1.0.1", addresses=held)

    assert open_ledger([seen])["n1"].free_address is None


def test_a_node_of_unknown_subnet_chooses_itself() -> None:
    assert open_ledger([node()])["n1"].lend_address() == ""


@pytest.mark.parametrize("text", ["", "much", "1e400x", "1,5"])
def test_a_label_that_is_no_number_is_nothing(text: str) -> None:
    labels = {**LARGE.config["labels"], "orchestrate.reserved.memory": text}
    strange = container_of(LARGE, config={"labels": labels})

    assert open_ledger([node(containers=(strange,))])["n1"].memory == 0
