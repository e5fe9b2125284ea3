"""Waiting for Consul: its election is waited for, its lock if that is wanted, and neither against ^C."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from orchestrate.adapters.clock import SystemClock
from orchestrate.adapters.consul.access import Access, reach
from orchestrate.adapters.consul.lock import ConsulLock
from orchestrate.errors import LockHeldError, StoppedError, UnreachableError
from tests.fake_consul import LEADER, FakeConsul, serving

LONG_S = 60


def held(access: Access, stopped: threading.Event, wait_s: float = LONG_S) -> None:
    lock = ConsulLock(access=access, clock=SystemClock(), stopped=stopped, wait_s=wait_s)
    with lock.hold("orchestrate converge"):
        pass


@contextmanager
def reached(consul: FakeConsul, stopped: threading.Event | None = None) -> Iterator[Access]:
    stopped = stopped or threading.Event()
    with serving(consul), reach(consul.address, {}, stopped) as access:
        yield access


@contextmanager
def stopping(after: threading.Event) -> Iterator[threading.Event]:
    """An event that is set once `after` is, as ^C would."""
    stopped = threading.Event()

    def stop() -> None:
        after.wait(LONG_S)
        stopped.set()

    user = threading.Thread(target=stop)
    user.start()
    yield stopped
    user.join()


def test_a_leader_is_there() -> None:
    consul = FakeConsul()

    with reached(consul) as access:
        assert access.host == "127.0.0.1"

    assert consul.looks == 1


@pytest.mark.parametrize(
    "consul",
    [
        pytest.param(FakeConsul(leaders=["", LEADER]), id="nobody-knows-one"),
        pytest.param(FakeConsul(fails=1), id="the-one-that-is-remembered-does-not-answer"),
    ],
)
def test_an_election_is_waited_for(consul: FakeConsul) -> None:
    with reached(consul):
        pass

    assert consul.looks == 2


def test_who_stops_does_not_wait_for_the_election() -> None:
    consul = FakeConsul(leaders=[""])

    with (
        stopping(consul.looked) as stopped,
        pytest.raises(StoppedError, match="nothing was changed"),
        reached(consul, stopped),
    ):
        pass


def test_who_stops_does_not_wait_for_ssh() -> None:
    stopped = threading.Event()
    stopped.set()

    with (
        pytest.raises(
            StoppedError, match="waiting for ssh to a Consul server; nothing was changed"
        ),
        reach("", {"n1": lambda _: ["sh", "-c", "exec sleep 1000"]}, stopped),
    ):
        pass


def test_where_nothing_answers_nobody_waits() -> None:
    with serving(FakeConsul()) as consul:
        address = consul.address

    with (
        pytest.raises(UnreachableError, match="no Consul server answers"),
        reach(address, {}, threading.Event()),
    ):
        pass


def test_a_free_lock_is_held_and_given_back() -> None:
    consul = FakeConsul()

    with reached(consul) as access:
        held(access, threading.Event())

    assert consul.ended == ["ours"]


def test_a_lock_that_another_holds() -> None:
    with reached(FakeConsul(is_held=True)) as access, pytest.raises(LockHeldError):
        held(access, threading.Event(), wait_s=0)


def test_who_stops_does_not_wait_for_the_lock() -> None:
    consul = FakeConsul(is_held=True)

    with (
        stopping(consul.asked_for_lock) as stopped,
        reached(consul) as access,
        pytest.raises(StoppedError, match="nothing was changed"),
    ):
        held(access, stopped)

    assert consul.ended == ["ours"]
