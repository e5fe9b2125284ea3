"""A lock whose Consul no longer answers is known to be lost before Consul may give it to another."""

from __future__ import annotations

import threading
import time

import pytest

from orchestrate.adapters.clock import SystemClock
from orchestrate.adapters.consul.access import reach
from orchestrate.adapters.consul.lock import ConsulLock, Renewal
from tests.fake_consul import FakeConsul, serving
from tests.until import until

FAST = Renewal(expires_s=3, interval_s=0.1, retry_s=0.1, connect_s=0.5, answer_s=0.5)
LONG_S = 60
ELECTION_S = 20


def test_a_consul_that_hangs_is_noticed_before_the_session_expires() -> None:
    answers, stopped = threading.Event(), threading.Event()
    consul = FakeConsul(answers_renewals=answers)

    with serving(consul), reach(consul.address, {}, stopped) as access:
        lock = ConsulLock(access=access, clock=SystemClock(), stopped=stopped, renewal=FAST)
        began_at = time.monotonic()
        with lock.hold("orchestrate converge"):
            assert lock.lost.wait(LONG_S)
            took_s = time.monotonic() - began_at
        answers.set()

    assert took_s < FAST.expires_s
    assert consul.renewals > 1, "one that fails is tried again"


def test_while_consul_answers_the_lock_is_kept() -> None:
    consul, stopped = FakeConsul(), threading.Event()

    with serving(consul), reach(consul.address, {}, stopped) as access:
        lock = ConsulLock(access=access, clock=SystemClock(), stopped=stopped, renewal=FAST)
        with lock.hold("orchestrate converge"):
            until(lambda: consul.renewals > 3, "renewals")

    assert not lock.lost.is_set()


def test_the_rules_outlast_the_election_of_a_leader() -> None:
    rules = Renewal()

    assert rules.may_retry(rules.interval_s + ELECTION_S)


@pytest.mark.parametrize("failing_s", [0, 3], ids=["refused-at-once", "hanging"])
def test_the_rules_leave_time_to_stop_what_runs(failing_s: float) -> None:
    """A renewal takes up to 3 s, and one that fails is not the end."""
    rules = Renewal()
    age_s, attempts = rules.interval_s + failing_s, 1

    while rules.may_retry(age_s):
        age_s, attempts = age_s + rules.retry_s + failing_s, attempts + 1

    assert rules.connect_s + rules.answer_s <= 3
    assert age_s <= rules.expires_s - rules.interval_s
    assert attempts > 1
