"""Slots of services that run to completion."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.plan import Replica
from orchestrate.model.spec.lifecycle import Hook
from tests.builders import changed, container_of, registration_of, replica
from tests.unit.planner.services.test_slots import seen, verdict

JOB = replica(mode="replicated-job", completes=True, unattended=True)
LIMITED = replica(mode="replicated-job", completes=True, unattended=True, restart="on-failure:2")
EXITED = {"state": "exited", "exit_code": 3}
FAILED = "has failed, exited (exit code 3): a new version of it runs again"


@pytest.mark.parametrize(
    ("wanted", "fields", "said", "reason"),
    [
        pytest.param(JOB, {"state": "created"}, "start", "created", id="begun"),
        pytest.param(JOB, {}, "keep", "", id="runs"),
        pytest.param(JOB, {"state": "exited"}, "keep", "", id="has-completed"),
        pytest.param(
            JOB,
            {"state": "restarting", "exit_code": 1, "restarts": 4},
            "wait",
            "crashes: restarting (exit code 1), started again 4 times",
            id="is-tried-again",
        ),
        pytest.param(JOB, EXITED, "start", "exited (exit code 3)", id="the-engine-was-stopped"),
        pytest.param(
            LIMITED, {**EXITED, "restarts": 1}, "start", "exited (exit code 3)", id="may-try-again"
        ),
        pytest.param(LIMITED, {**EXITED, "restarts": 2}, "wait", FAILED, id="has-failed-for-good"),
        pytest.param(
            replica(mode="replicated-job", completes=True, unattended=True, restart="no"),
            EXITED,
            "wait",
            FAILED,
            id="was-to-be-tried-once",
        ),
    ],
)
def test_a_job(wanted: Replica, fields: dict[str, Any], said: str, reason: str) -> None:
    there = seen(container_of(wanted, **fields), registration_of(wanted))

    slot = verdict(there, wanted=wanted)

    assert (slot.verdict, slot.reason) == (said, reason)


@pytest.mark.parametrize("state", ["running", "exited"])
def test_a_job_that_nobody_registered_is(state: str) -> None:
    slot = verdict(seen(container_of(JOB, state=state), None), wanted=JOB)

    assert (slot.verdict, slot.reason) == ("register", "not registered in Consul")


@pytest.mark.parametrize(
    ("state", "said"), [("running", "start"), ("exited", "register")], ids=["runs", "has-completed"]
)
def test_hooks_are_run_in_what_runs(state: str, said: str) -> None:
    wanted = replica(changed(JOB.service, post_start=(Hook(command=("warm",)),)))

    assert verdict(seen(container_of(wanted, state=state), None), wanted=wanted).verdict == said


@pytest.mark.parametrize(
    ("state", "said"), [("running", "replace"), ("exited", "keep")], ids=["runs", "has-completed"]
)
def test_what_has_completed_may_stay_where_it_could_not_run(state: str, said: str) -> None:
    wanted = replica(mode="global-job", completes=True, constraints=("node.hostname == n9",))
    there = seen(container_of(wanted, state=state), registration_of(wanted))

    assert verdict(there, wanted=wanted).verdict == said
