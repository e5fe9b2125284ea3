"""Which node is told what of who may reach whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from orchestrate.model.network import Network, Policy
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Plan, SetPolicy, StartReplica
from orchestrate.views.explain import explain
from tests.builders import (
    container_of,
    node,
    observed,
    project,
    replica,
    service,
    serving,
    silent,
)
from tests.planning import reconciled

FRONT, BACK = Network(name="front"), Network(name="back")
SEALED = Network(name="sealed", internal=True)
Names = Mapping[str, tuple[str, ...]]


def placed(number: int, *services: tuple[str, tuple[Network, ...]], **fields: Any) -> ObservedNode:
    """Node `n<number>` with a replica of each service, at its addresses from .2 on."""
    wanted = [replica(service(name=name, networks=networks)) for name, networks in services]
    containers = tuple(
        container_of(one, address=f"10.{number}.0.{last}") for last, one in enumerate(wanted, 2)
    )
    known: dict[str, Any] = {
        "name": f"n{number}",
        "containers": containers,
        "subnet": f"10.{number}.0.0/24",
        "gateway": f"10.{number}.0.1",
        "addresses": frozenset(one.address for one in containers),
        "policy": Policy(),
    }
    return serving(*wanted, **known | fields)


def told(plan: Plan) -> dict[str, Policy]:
    return {one.node: one.policy for one in plan.actions if isinstance(one, SetPolicy)}


def planned(*nodes: ObservedNode, **fields: Any) -> Plan:
    return reconciled(observed(*nodes), **fields)


def test_a_node_is_told_the_members_of_the_networks_of_its_own_replicas() -> None:
    plan = planned(
        placed(1, ("web", (FRONT,)), ("api", (FRONT, BACK))), placed(2, ("db", (BACK,))), placed(3)
    )

    back = ("10.1.0.3", "10.2.0.2")
    assert told(plan) == {
        "n1": Policy(networks={"back": back, "front": ("10.1.0.2", "10.1.0.3")}),
        "n2": Policy(networks={"back": back}),
    }


def test_who_knows_is_not_told_again() -> None:
    knows = Policy(networks={"front": ("10.1.0.2",)})

    assert told(planned(placed(1, ("web", (FRONT,)), policy=knows))) == {}


@pytest.mark.parametrize("fields", [{"policy": None}, {"containers": (), "answered": False}])
def test_a_node_of_which_nothing_is_known_is_told_nothing(fields: dict[str, Any]) -> None:
    assert told(planned(placed(1, ("web", (FRONT,)), **fields))) == {}


def test_the_default_network_is_that_of_the_project() -> None:
    (policy,) = told(planned(placed(1, ("web", ())))).values()

    assert policy == Policy(networks={"counter_default": ("10.1.0.2",)})


def test_only_who_is_in_internal_networks_alone_is_confined() -> None:
    plan = planned(placed(1, ("vault", (SEALED,)), ("keeper", (SEALED, BACK))))

    assert told(plan)["n1"].confined == ("10.1.0.2",)


def test_a_network_is_internal_for_those_of_other_projects_too() -> None:
    owner = project(service(name="vault", networks=(SEALED,), replicas=0), name="owner")

    plan = planned(placed(1, ("guest", (Network(name="sealed"),))), projects=(owner,))

    assert told(plan)["n1"].confined == ("10.1.0.2",)


def test_what_starts_is_let_in_before_and_what_stops_is_put_out_after() -> None:
    old = Policy(networks={"counter_default": ("10.1.0.2",)})
    seen = placed(1, ("web", ()), policy=old)
    wanted = project(service(name="web", image="web:2"))

    plan = planned(seen, projects=(wanted,))

    kinds = [type(action).__name__ for action in plan.actions]
    assert kinds == ["PullImage", "SetPolicy", "StopReplica", "StartReplica", "SetPolicy"]
    first, last = (one.policy for one in plan.actions if isinstance(one, SetPolicy))
    assert first.networks == {"counter_default": ("10.1.0.2", "10.1.0.3")}
    assert last.networks == {"counter_default": ("10.1.0.3",)}
    (start,) = (one for one in plan.actions if isinstance(one, StartReplica))
    assert start.address == "10.1.0.3"
    assert [line for line in explain(plan) if "policy" in line] == [
        "2. Update network policy (1 of 2)",
        "   ~ n1: update network policy (counter_default admits counter/web.1)",
        "4. Update network policy (2 of 2)",
        "   ~ n1: update network policy (counter_default no longer admits counter/web.1)",
    ]


def test_whom_nobody_can_ask_stays_let_in() -> None:
    """A silent node may well run: what its replicas may reach stays so."""
    front = ("10.1.0.2", "10.2.0.2")
    knows = placed(1, ("web", (FRONT,)), policy=Policy(networks={"front": front}))
    learns = placed(3, ("api", (FRONT,)))

    plan = planned(knows, silent(name="n2"), learns)

    assert {policy.networks["front"] for policy in told(plan).values()} == {(*front, "10.3.0.2")}


def test_whoever_is_gone_from_a_node_that_answers_is_put_out() -> None:
    knows = Policy(networks={"front": ("10.1.0.2", "10.1.0.9")})

    plan = planned(placed(1, ("web", (FRONT,)), policy=knows))

    assert told(plan)["n1"].networks == {"front": ("10.1.0.2",)}


def test_a_container_without_an_address_is_no_member() -> None:
    made = container_of(replica(), state="created", address="")
    seen = node(containers=(made,), subnet="10.1.0.0/24", policy=Policy())

    assert told(planned(seen)) == {}


def test_a_node_that_could_not_be_mended_is_told_nothing() -> None:
    assert told(planned(placed(1, ("web", (FRONT,))), unrepaired=frozenset({"n1"}))) == {}


def test_a_node_without_a_free_address_takes_nobody() -> None:
    full = placed(1, addresses=frozenset(f"10.1.0.{number}" for number in range(2, 240)))

    plan = planned(full, projects=(project(service()),))

    assert plan.starts == ()
    assert "no address is free" in plan.unmet[0].reason
