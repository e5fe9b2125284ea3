"""Which services come first."""

from __future__ import annotations

from itertools import pairwise

from orchestrate.model.spec.lifecycle import Dependency
from orchestrate.model.spec.service import Service
from orchestrate.planner.containers.replica import revision
from orchestrate.planner.services.dependencies import in_order, levels
from tests.builders import project, service

MANY = 2000


def after(name: str, *others: str, restart: bool = False, image: str = "x:1") -> Service:
    found = tuple(Dependency(service=other, restart=restart) for other in others)
    return service(name=name, image=image, depends_on=found)


def test_a_level_is_above_all_that_it_depends_on() -> None:
    shop = project(after("a", "d", "c"), after("b"), after("c", "b", "gone"), after("d"))

    assert levels(shop) == {"a": 2, "b": 0, "c": 1, "d": 0}
    assert [one.name for one in in_order(shop)] == ["b", "d", "c", "a"]


def test_a_long_chain_is_no_deeper_than_a_short_one() -> None:
    names = [f"s{number}" for number in range(MANY)]
    chain = [after(name, before, restart=True) for before, name in pairwise(names)]

    shop = project(after(names[0]), *chain)

    assert levels(shop)[names[-1]] == MANY - 1
    assert revision(shop, chain[-1])


def test_a_change_replaces_what_restarts_along() -> None:
    def revisions(image: str) -> dict[str, str]:
        db = after("db", image=image)
        shop = project(
            db,
            after("web", "db", restart=True),
            after("page", "web", restart=True),
            after("job", "db"),
        )
        return {one.name: revision(shop, one) for one in shop.services}

    before, now = revisions("db:1"), revisions("db:2")

    assert {name for name in now if now[name] != before[name]} == {"db", "web", "page"}
