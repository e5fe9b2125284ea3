"""Every wait has an end: what is waited for, its time, or the user."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from orchestrate.adapters.waiting import Wait
from orchestrate.errors import StoppedError


class NotYetError(Exception):
    pass


class Source:
    """Is not ready for so many attempts."""

    def __init__(self, not_ready: int) -> None:
        self.not_ready = not_ready
        self.attempts = 0

    def take(self) -> str:
        self.attempts += 1
        if self.attempts <= self.not_ready:
            raise NotYetError(f"not at attempt {self.attempts}")
        return "here"


def wait(
    within_s: float = 60, pause: Callable[[float], bool] = lambda _: False, so_far: str = ""
) -> Wait:
    return Wait(what="the source", within_s=within_s, every_s=0.5, pause=pause, so_far=so_far)


def test_the_first_answer_is_returned_and_pauses_lie_between_attempts() -> None:
    pauses: list[float] = []
    source = Source(not_ready=2)

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return False

    answer = wait(pause=pause).until(source.take, on=NotYetError)

    assert answer == "here"
    assert pauses == [0.5, 0.5]


def test_when_the_time_is_up_the_last_error_is_raised() -> None:
    source = Source(not_ready=1000)

    with pytest.raises(NotYetError, match=r"not at attempt 1$"):
        wait(within_s=0).until(source.take, on=NotYetError)


def test_the_time_counts_and_not_the_attempts() -> None:
    """However short the pauses are."""
    source = Source(not_ready=10**9)

    with pytest.raises(NotYetError):
        wait(within_s=0.05).until(source.take, on=NotYetError)

    assert source.attempts > 2


def test_another_error_ends_it_at_once() -> None:
    source = Source(not_ready=1)

    with pytest.raises(NotYetError):
        wait().until(source.take, on=KeyError)


@pytest.mark.parametrize(
    ("so_far", "words"),
    [
        ("", "Stopped while waiting for the source."),
        ("nothing was changed", "Stopped while waiting for the source; nothing was changed."),
    ],
)
def test_who_stops_it_reads_what_for(so_far: str, words: str) -> None:
    source = Source(not_ready=1000)

    with pytest.raises(StoppedError) as raised:
        wait(pause=lambda _: True, so_far=so_far).until(source.take, on=NotYetError)

    assert str(raised.value) == words
    assert source.attempts == 1
