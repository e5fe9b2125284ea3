"""Moving a slot to another container."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import pytest

from orchestrate.model.observed.container import Container
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import StartReplica, StopReplica, Unmet
from orchestrate.planner.placement.ledger import Ledger, open_ledger
from orchestrate.planner.services.replacement import Change, Rollout, roll, stop
from orchestrate.planner.services.slots import assess
from orchestrate.planner.snapshot import ObservedReplica
from orchestrate.planner.steps import Unit
from tests.builders import (
    GIB,
    container_of,
    ingress,
    mounted,
    node,
    published,
    registration_of,
    replica,
    reserved,
    service,
    update,
)

START_FIRST = update(order="start-first")


def change(
    seen: Sequence[ObservedReplica], *, slot: int = 1, is_bound: bool = False, **fields: Any
) -> Change:
    """The slot's change from what is seen of it."""
    wanted = replica(slot=slot, **{"image": "web:2", **fields})
    found = assess(wanted, seen, 60)
    assert found.verdict == "replace"
    assert found.kept is not None
    return Change(slot=found, kept=found.kept, deadline_s=60, is_bound=is_bound)


def seen_on(
    on: ObservedNode, *containers: Container, passing: bool = True
) -> list[ObservedReplica]:
    entry = registration_of(replica())
    return [
        ObservedReplica(node=on, container=one, registration=entry if passing else None)
        for one in containers
    ]


def old(*, slot: int = 1, **fields: Any) -> Container:
    return container_of(replica(slot=slot, **{"image": "web:1", **fields}))


def replace(change: Change, ledger: Ledger) -> Unit | Unmet:
    """The one outcome of a rollout that is this change."""
    waves, unmet = roll([rollout(change)], ledger)
    return waves[0][0] if waves[0] else unmet[0]


def rollout(*changes: Change, **fields: Any) -> Rollout:
    return Rollout(changes=deque(changes), **fields)


def said(outcome: Unit | Unmet) -> list[list[str]]:
    assert isinstance(outcome, Unit), outcome
    return [
        [
            f"{'start' if isinstance(action, StartReplica) else 'stop'} {action.node}"
            for action in phase
        ]
        for phase in outcome.phases
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, [["stop n1", "start n1"]], id="stop-first"),
        pytest.param({"update": START_FIRST}, [["start n1", "stop n1"]], id="start-first"),
        pytest.param(
            {"update": START_FIRST, "ports": published(80)}, [["stop n1", "start n1"]], id="port"
        ),
        pytest.param(
            {"update": START_FIRST, "mounts": mounted()}, [["stop n1", "start n1"]], id="volume"
        ),
        pytest.param(
            {"update": START_FIRST, "resources": reserved(memory=GIB * 3 // 4)},
            [["stop n1", "start n1"]],
            id="memory",
        ),
    ],
)
def test_the_order_in_place(fields: dict[str, Any], expected: list[list[str]]) -> None:
    on = node(containers=(old(**fields),))

    outcome = replace(change(seen_on(on, *on.engine.containers), **fields), open_ledger([on]))

    assert said(outcome) == expected


def monitored_s(outcome: Unit | Unmet) -> float:
    assert isinstance(outcome, Unit), outcome
    (start,) = outcome.starts
    return start.monitor_s


def test_a_new_version_has_to_stay_healthy() -> None:
    on = node(containers=(old(),))
    new = change(seen_on(on, *on.engine.containers), update=update(monitor_s=7))

    assert monitored_s(replace(new, open_ledger([on]))) == 7


def test_what_is_replaced_as_it_is_need_only_become_healthy() -> None:
    sick = container_of(replica(image="web:2"), health="unhealthy")
    on = node(containers=(sick,))

    assert monitored_s(replace(change(seen_on(on, sick)), open_ledger([on]))) == 0


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        pytest.param("start-first", [["start n2"], ["stop n1"]], id="start-first"),
        pytest.param("stop-first", [["stop n1"], ["start n2"]], id="stop-first"),
    ],
)
def test_the_order_when_it_has_to_move(order: str, expected: list[list[str]]) -> None:
    on = node(availability="cordoned", containers=(old(),))
    ledger = open_ledger([on, node(name="n2")])

    outcome = replace(
        change(seen_on(on, *on.engine.containers), update=update(order=order)), ledger
    )

    assert said(outcome) == expected
    assert ledger["n1"].total == 1, "its room is not given away before it is gone"


def test_a_bound_replica_does_not_move() -> None:
    on = node(availability="cordoned", containers=(old(),))
    ledger = open_ledger([on, node(name="n2")])

    outcome = replace(change(seen_on(on, *on.engine.containers), is_bound=True), ledger)

    assert outcome == Unmet(
        subject="counter/web.1 on n1",
        reason="the file changed; nowhere to go: 1 node: cordoned",
    )


def test_where_there_is_nowhere_to_go_it_stays() -> None:
    on = node(containers=(old(),))
    ledger = open_ledger([on])

    outcome = replace(change(seen_on(on, old()), resources=reserved(memory=2 * GIB)), ledger)

    assert isinstance(outcome, Unmet)
    assert ledger["n1"].total == 1


@pytest.mark.parametrize(
    ("there", "name"),
    [
        pytest.param((), "", id="free"),
        pytest.param(("{0}",), "-2", id="taken"),
        pytest.param(("{0}", "{0}-2"), "-3", id="taken-twice"),
    ],
)
def test_the_new_container_gets_a_name_that_is_free(there: tuple[str, ...], name: str) -> None:
    wanted = replica(image="web:2").name
    others = [container_of(replica(slot=5), name=one.format(wanted)) for one in there]
    on = node(containers=(old(), *others))

    outcome = replace(change(seen_on(on, on.engine.containers[0])), open_ledger([on]))

    assert isinstance(outcome, Unit)
    (start,) = [one for one in outcome.phases[0] if isinstance(one, StartReplica)]
    assert start.replica.name == f"{wanted}{name}"


def test_all_that_hold_the_slot_go() -> None:
    first, second = old(), old(image="web:0")
    on = node(containers=(first, second))

    outcome = replace(change(seen_on(on, first, second)), open_ledger([on]))

    assert said(outcome) == [["stop n1", "stop n1", "start n1"]]


def test_what_serves_in_the_place_of_one_that_does_not_is_left() -> None:
    new = container_of(replica(image="web:2"), health="unhealthy")
    on = node(containers=(new, old()))
    both = [*seen_on(on, new, passing=False), *seen_on(on, old())]

    outcome = replace(change(both), open_ledger([on]))

    assert isinstance(outcome, Unit)
    stopped = [one.name for one in outcome.phases[0] if isinstance(one, StopReplica)]
    assert stopped == [new.name]


def test_one_batch_leaves_its_room_to_the_next() -> None:
    """A port changes hands between two services, as the first one's batch comes before."""
    back, front = old(name="back", ports=published(80)), old(name="front")
    on = node(containers=(back, front))
    first = change(seen_on(on, back), name="back")
    second = change(seen_on(on, front), name="front", ports=published(80))

    waves, unmet = roll(map(rollout, (first, second)), open_ledger([on]))
    _, refused = roll(map(rollout, (second, first)), open_ledger([on]))

    assert ([len(wave) for wave in waves], unmet) == ([2], [])
    assert [one.subject for one in refused] == ["counter/front.1 on n1"]


@pytest.mark.parametrize(
    ("parallelism", "sizes"),
    [
        pytest.param(1, [1, 1, 1], id="one-by-one"),
        pytest.param(2, [2, 1], id="two-at-a-time"),
        pytest.param(0, [3], id="all-at-once"),
        pytest.param(9, [3], id="more-than-there-are"),
    ],
)
def test_waves(parallelism: int, sizes: list[int]) -> None:
    on = node(containers=tuple(old(slot=slot) for slot in (1, 2, 3)))
    changes = [change(seen_on(on, one), slot=one.slot) for one in on.engine.containers]

    waves, unmet = roll([rollout(*changes, parallelism=parallelism)], open_ledger([on]))

    assert ([len(wave) for wave in waves], unmet) == (sizes, [])


def test_nothing_makes_no_wave() -> None:
    assert roll([Rollout()], open_ledger([])) == ([], [])


@pytest.mark.parametrize(
    ("fields", "passing", "drain_timeout_s"),
    [
        pytest.param({"ingress": ingress(drain_timeout_s=7)}, True, 7, id="behind-proxies"),
        pytest.param({"ingress": ingress(drain_timeout_s=7)}, False, 0, id="not-passing"),
        pytest.param({}, True, 0, id="no-ingress"),
    ],
)
def test_only_what_gets_requests_is_drained(
    fields: dict[str, Any], passing: bool, drain_timeout_s: float
) -> None:
    (seen,) = seen_on(node(), old(), passing=passing)

    found = stop(seen, "surplus", service(**fields))

    assert found.drain_timeout_s == drain_timeout_s
    assert stop(seen, "surplus", None).drain_timeout_s == 0


def test_its_own_grace_period_is_given() -> None:
    (seen,) = seen_on(node(), container_of(replica(), config={"stop_grace_s": 3}))

    assert stop(seen, "surplus", None).grace_s == 3
