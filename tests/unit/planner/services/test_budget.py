"""What of a rollout a budget lets happen, and when."""

from __future__ import annotations

import dataclasses
from collections import deque
from typing import Any

import pytest

from orchestrate.model.budget import Budget
from orchestrate.model.observed.container import Container
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Unmet
from orchestrate.planner.placement.ledger import open_ledger
from orchestrate.planner.services.budget import Allowance
from orchestrate.planner.services.replacement import Change, Rollout, roll
from orchestrate.planner.services.slots import assess
from orchestrate.planner.snapshot import ObservedReplica
from tests.builders import (
    GIB,
    container_of,
    lost,
    mounted,
    node,
    registration_of,
    replica,
    reserved,
    service,
    serving,
    silent,
    update,
)
from tests.observed import STOPPED, altered
from tests.unit.planner.services.test_work import work_of

WEB = service(replicas=3, budget=Budget(max_unavailable=1))
START_FIRST: dict[str, Any] = {"update": update(order="start-first")}
FULL: dict[str, Any] = {"resources": reserved(memory=GIB)}


def old(slot: int, **fields: Any) -> Container:
    return container_of(replica(slot=slot, image="web:0", **fields))


def change(on: ObservedNode, there: Container, *, passing: bool = True, **fields: Any) -> Change:
    entry = registration_of(replica()) if passing else None
    wanted = replica(slot=there.slot, image="web:2", **fields)
    found = assess(wanted, [ObservedReplica(node=on, container=there, registration=entry)], 60)
    assert found.kept is not None
    return Change(slot=found, kept=found.kept, deadline_s=60)


def rolled(
    changes: list[Change], on: ObservedNode, **allowance: Any
) -> tuple[list[list[int]], list[Unmet]]:
    """The slots of each wave, all at a time if the budget lets them."""
    rollout = Rollout(changes=deque(changes), allowance=Allowance(**allowance))
    waves, unmet = roll([rollout], open_ledger([on]))
    slots = [[unit.starts[0].replica.slot for unit in wave if unit.starts] for wave in waves]
    return [found for found in slots if found], unmet


def three(**fields: Any) -> tuple[list[Change], ObservedNode]:
    on = node(containers=tuple(old(slot, **fields) for slot in (1, 2, 3)))
    return [change(on, one, **fields) for one in on.engine.containers], on


@pytest.mark.parametrize(
    ("fields", "most", "waves"),
    [
        pytest.param({}, None, [[1, 2, 3]], id="no-budget"),
        pytest.param({}, 2, [[1, 2], [3]], id="it-renews-after-a-wave"),
        pytest.param({}, 1, [[1], [2], [3]], id="one"),
        pytest.param({}, 0, [], id="none"),
        pytest.param(START_FIRST, 0, [[1, 2, 3]], id="start-first-takes-nothing-away"),
        pytest.param(START_FIRST | {"mounts": mounted()}, 0, [], id="start-first-is-impossible"),
    ],
)
def test_waves(fields: dict[str, Any], most: int | None, waves: list[list[int]]) -> None:
    changes, on = three(**fields)

    found, unmet = rolled(changes, on, most=most)

    assert found == waves
    assert len(unmet) == 3 - sum(map(len, waves))


@pytest.mark.parametrize(
    ("fields", "allowance", "reason"),
    [
        pytest.param(
            {},
            {"most": 0},
            "waits to be replaced (the file changed): x-budget lets no replica be unavailable, "
            "and update_config.order is stop-first",
            id="stop-first",
        ),
        pytest.param(
            {},
            {"most": 2, "down": 2},
            "waits to be replaced (the file changed): x-budget lets 2 replicas be unavailable, "
            "and 2 are, and update_config.order is stop-first",
            id="others-are-down",
        ),
        pytest.param(
            START_FIRST | FULL,
            {"most": 1, "down": 1},
            "waits to be replaced (the file changed): x-budget lets 1 replica be unavailable, "
            "and 1 is, and there is no room for both: memory, needs 1.0 GiB",
            id="no-room",
        ),
    ],
)
def test_why_it_waits(fields: dict[str, Any], allowance: dict[str, int], reason: str) -> None:
    on = node(containers=(old(1, **fields),))

    _, unmet = rolled([change(on, on.engine.containers[0], **fields)], on, **allowance)

    assert unmet == [Unmet(subject="counter/web.1", reason=reason)]


def test_what_waits_stays_booked() -> None:
    on = node(containers=(old(1, **FULL),))
    ledger = open_ledger([on])
    rollout = Rollout(
        changes=deque([change(on, on.engine.containers[0], **FULL)]), allowance=Allowance(most=0)
    )

    roll([rollout], ledger)

    assert (ledger["n1"].total, ledger["n1"].memory) == (1, (GIB, GIB))


def test_to_mend_what_is_down_is_no_disruption_and_makes_room_for_one() -> None:
    on = node(containers=tuple(old(slot) for slot in (1, 2, 3)))
    first, *others = on.engine.containers
    changes = [change(on, first, passing=False), *(change(on, one) for one in others)]

    assert rolled(changes, on, most=1, down=1) == ([[1], [2], [3]], [])


def test_what_may_serve_counts_though_nobody_can_tell() -> None:
    """The agent of its node is down, and may be up again when its turn comes."""
    changes, on = three()
    unknown = [
        dataclasses.replace(
            one,
            kept=dataclasses.replace(
                one.kept,
                node=altered(on, consul=STOPPED),
                registration=None,
            ),
        )
        for one in changes
    ]

    assert rolled(unknown, on, most=3, down=3)[0] == []


def test_the_deadline_of_a_drain_wins_and_is_counted() -> None:
    fields: dict[str, Any] = {"mounts": mounted()}
    on = node(containers=(old(1, **fields), old(2, **fields)), volumes={"counter_data": "counter"})
    leaving = change(on, on.engine.containers[0], **fields)
    overdue = dataclasses.replace(
        leaving, is_overdue=True, slot=dataclasses.replace(leaving.slot, must_move=True), to="n1"
    )
    ledger = open_ledger([altered(on, availability="draining")])
    rollout = Rollout(
        changes=deque([overdue, change(on, on.engine.containers[1], **fields)]),
        allowance=Allowance(most=1),
    )

    waves, unmet = roll([rollout], ledger)

    assert [unit.label for wave in waves for unit in wave] == ["counter/web.1"]
    assert "x-budget lets 1 replica be unavailable, and 1 is" in unmet[0].reason


_AHEAD = {1: "", 2: "; 1 more with nowhere to go comes first"}


@pytest.mark.parametrize(("most", "held"), [(None, []), (0, [1, 2]), (1, [2]), (2, [])])
def test_what_can_only_be_stopped_holds_up_its_node(most: int | None, held: list[int]) -> None:
    """Together, as all of it would be stopped at once."""
    fields: dict[str, Any] = {"mounts": mounted()}
    on = node(
        availability="draining",
        containers=(old(1, **fields), old(2, **fields)),
        volumes={"counter_data": "counter"},
    )

    _, unmet = rolled([change(on, one, **fields) for one in on.engine.containers], on, most=most)

    assert [number for number, one in enumerate(unmet, 1) if one.holds_up == "n1"] == held
    ahead = [one.reason.partition("unavailable")[2] for one in unmet if one.holds_up]
    assert ahead == [_AHEAD[number] for number in held]
    assert [("x-budget" in one.reason) for one in unmet] == [slot in held for slot in (1, 2)]


@pytest.mark.parametrize(
    ("nodes", "limit", "down"),
    [
        pytest.param([serving(*(replica(WEB, slot=n) for n in (1, 2, 3)))], None, 0, id="sound"),
        pytest.param([serving(replica(WEB), replica(WEB, slot=2))], None, 0, id="missing-starts"),
        pytest.param(
            [serving(replica(WEB), replica(WEB, slot=2))], {"n2"}, 1, id="not-under-a-limit"
        ),
        pytest.param(
            [serving(replica(WEB)), silent(replica(WEB, slot=2), replica(WEB, slot=3), name="n2")],
            None,
            2,
            id="silent",
        ),
        pytest.param(
            [
                serving(
                    *(replica(WEB, slot=n) for n in (1, 2, 3)),
                    registrations=(registration_of(replica(WEB)),),
                )
            ],
            None,
            2,
            id="not-registered",
        ),
    ],
)
def test_what_counts_as_unavailable(
    nodes: list[ObservedNode], limit: set[str] | None, down: int
) -> None:
    done = work_of(WEB, *nodes, limit=frozenset(limit) if limit else None)

    assert done.rollout.allowance == Allowance(most=1, down=down)


@pytest.mark.parametrize(
    ("other", "most", "down"),
    [
        pytest.param(serving(replica(WEB), name="n2"), 2, 0, id="passing"),
        pytest.param(silent(replica(WEB), name="n2"), 2, 1, id="silent"),
        pytest.param(lost(replica(WEB), name="n2"), 1, 0, id="lost"),
    ],
)
def test_of_a_global_service(other: ObservedNode, most: int, down: int) -> None:
    wanted = service(mode="global", budget=Budget(max_unavailable=100, is_share=True))

    done = work_of(wanted, serving(replica(wanted)), other)

    assert done.rollout.allowance == Allowance(most=most, down=down)


def test_without_a_budget_nothing_is_counted() -> None:
    done = work_of(service(replicas=3), silent(name="n1"))

    assert done.rollout.allowance == Allowance()


def test_a_drain_says_what_waits_for_another_and_holds_up_its_node() -> None:
    crashing = container_of(replica(WEB, slot=2), state="restarting", restarts=9)
    leaving = serving(replica(WEB), replica(WEB, slot=3), availability="draining")

    done = work_of(WEB, leaving, node(name="n2", containers=(crashing,)))

    assert [one.holds_up for one in done.unmet if "to be replaced" in one.reason] == ["n1", "n1"]
