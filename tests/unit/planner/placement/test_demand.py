"""What single attributes of a service ask of a node."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.spec.lifecycle import Healthcheck
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.storage import Volume
from orchestrate.planner.containers.replica import wanted_replica
from orchestrate.planner.placement.filters import is_eligible, refusal
from orchestrate.planner.placement.ledger import open_ledger
from orchestrate.planner.placement.place import place_all
from tests.builders import container_of, mounted, node, replica, service, serving

OLD = "Docker Engine 20, healthcheck.start_interval needs 25"
USED = "hardware address 02:42:ac:11:65:43 is in use"
OWN = replica(attributes={"mac_address": "02:42:ac:11:65:43"})


@pytest.mark.parametrize(
    ("interval_s", "version", "reason"),
    [
        pytest.param(2, "20.10.24+dfsg1", OLD, id="too-old"),
        pytest.param(2, "25.0.1", None, id="new-enough"),
        pytest.param(2, "", None, id="unknown"),
        pytest.param(0, "20.10.24+dfsg1", None, id="not-asked-for"),
    ],
)
def test_probes_at_the_start_need_an_engine(
    interval_s: float, version: str, reason: str | None
) -> None:
    wanted = replica(healthcheck=Healthcheck(test=("CMD", "x"), start_interval_s=interval_s))
    account = open_ledger([node(engine_version=version)])["n1"]

    assert refusal(wanted, account) == reason
    assert is_eligible(wanted, account) is (reason is None)


@pytest.mark.parametrize(
    ("on", "reason"),
    [
        pytest.param(node(), None, id="free"),
        pytest.param(serving(replica(name="other")), None, id="others-have-none"),
        pytest.param(serving(OWN), USED, id="the-one-before"),
    ],
)
def test_a_hardware_address_is_there_once(on: ObservedNode, reason: str | None) -> None:
    assert refusal(OWN, open_ledger([on])["n1"]) == reason


def test_a_hardware_address_is_booked_and_given_back() -> None:
    ledger = open_ledger([node()])

    ledger.book(OWN, "n1")
    assert refusal(OWN, ledger["n1"]) == USED
    ledger["n1"].leave(container_of(OWN))
    assert refusal(OWN, ledger["n1"]) is None


def test_replicas_with_a_hardware_address_go_to_as_many_nodes() -> None:
    ledger = open_ledger([node(), node(name="n2")])

    placed = place_all([OWN, OWN, OWN], ledger)

    assert [one.node for one in placed] == ["n1", "n2", None]
    assert placed[2].why_not == f"2 nodes: {USED}"


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        pytest.param({"volumes": {"nfs": ""}}, None, id="there"),
        pytest.param(
            {"volumes": {"nfs": "other"}, "given_up": frozenset({"nfs"})},
            None,
            id="and-an-old-copy-to-another-project",
        ),
        pytest.param({}, "external volume nfs is not there", id="missing"),
    ],
)
def test_an_external_volume_has_to_be_there(there: dict[str, Any], reason: str | None) -> None:
    web = service(mounts=mounted())
    volumes = (Volume(name="data", called="nfs", external=True),)
    wanted = wanted_replica(Project(name="counter", services=(web,), volumes=volumes), web, 1)
    account = open_ledger([node(**there)])["n1"]

    assert refusal(wanted, account) == reason
    assert is_eligible(wanted, account) is (reason is None)
