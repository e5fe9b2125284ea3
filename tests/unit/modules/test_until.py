"""Waiting on a node: it ends with what is waited for, or with its time."""

from __future__ import annotations

from tests.unit.modules.collection import load

until = load("_until").until


def test_it_ends_with_what_is_waited_for() -> None:
    states = iter(["created", "running", "exited", "removed"])

    assert until(lambda: next(states), lambda s: s == "exited", within_s=60, poll_s=0) == "exited"
    assert next(states) == "removed"


def test_what_was_seen_last_is_returned_when_the_time_is_over() -> None:
    looks: list[int] = []

    def look() -> int:
        looks.append(len(looks))
        return len(looks)

    assert until(look, lambda _: False, within_s=0.05, poll_s=0) == len(looks)
    assert len(looks) > 1


def test_without_time_there_is_one_look() -> None:
    states = iter([1, 2])

    assert until(lambda: next(states), lambda _: False, within_s=0, poll_s=1) == 1
