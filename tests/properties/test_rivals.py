"""Who has to go, held against every other choice that there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from orchestrate.planner.contention.victims import Victim, smallest_set
from orchestrate.planner.services.budget import Allowance
from orchestrate.planner.services.replacement import Change
from orchestrate.planner.services.slots import Slot
from orchestrate.planner.snapshot import ObservedReplica
from orchestrate.scheduler.demand import CPUS, MEMORY, Demand
from tests.builders import container_of, node, registration_of, replica
from tests.examples import examples

DEMANDS = st.fixed_dictionaries({MEMORY: st.integers(1, 8)}, optional={CPUS: st.integers(1, 4)})


def rival(slot: int, priority: int, needs: dict[str, int], most: int | None) -> Victim:
    wanted = replica(slot=slot, name=f"r{slot}", priority=priority)
    kept = ObservedReplica(
        node=node(), container=container_of(wanted), registration=registration_of(wanted)
    )
    return Victim(
        change=Change(
            slot=Slot(replica=wanted, verdict="keep", kept=kept), kept=kept, deadline_s=60
        ),
        allowance=Allowance(most=most),
        needs=needs,
        marks=frozenset(),
    )


@st.composite
def crowds(draw: st.DrawFn, kinds: Sequence[str] = (MEMORY, CPUS)) -> list[Victim]:
    needs = st.fixed_dictionaries({kind: st.integers(0, 4) for kind in kinds})
    drawn = draw(
        st.lists(st.tuples(st.integers(0, 3), needs, st.sampled_from([None, 1, 0])), max_size=6)
    )
    return [rival(slot, *fields) for slot, fields in enumerate(drawn, start=1)]


def gives(rivals: Iterable[Victim], kind: str) -> int:
    return sum(one.needs.get(kind, 0) for one in rivals)


def is_enough(rivals: Iterable[Victim], needs: dict[str, int]) -> bool:
    found = list(rivals)
    return all(gives(found, kind) >= amount for kind, amount in needs.items())


def priorities(rivals: Iterable[Victim]) -> tuple[int, ...]:
    return tuple(sorted((one.priority for one in rivals), reverse=True))


@examples(200)
@given(crowds(), DEMANDS)
def test_they_are_enough_and_none_of_them_is_spared_for_nothing(
    crowd: list[Victim], needs: dict[str, int]
) -> None:
    demand = Demand(service=("counter", "web"), needs=needs)

    going = smallest_set(crowd, 2, demand, dict.fromkeys(needs, 0))

    may_go = [one for one in crowd if one.priority < 2 and one.allowance.most != 0]
    assert (going is None) == (not is_enough(may_go, needs))
    for one in going or ():
        assert one in may_go
        assert not is_enough([other for other in going or () if other is not one], needs)


@examples(200)
@given(crowds(kinds=[MEMORY]), st.integers(1, 8))
def test_no_other_choice_is_less_important_or_fewer(crowd: list[Victim], memory: int) -> None:
    needs = {MEMORY: memory}
    demand = Demand(service=("counter", "web"), needs=needs)

    going = smallest_set(crowd, 3, demand, {MEMORY: 0})

    may_go = [one for one in crowd if one.priority < 3 and one.allowance.most != 0]
    every = (
        others
        for count in range(1, len(may_go) + 1)
        for others in combinations(may_go, count)
        if is_enough(others, needs)
    )
    assert going is None or priorities(going) == min(map(priorities, every))
