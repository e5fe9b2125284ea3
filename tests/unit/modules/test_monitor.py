"""How long a replica has to stay healthy before it counts as up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.modules.collection import load

consul, launches, wait = load("_consul"), load("_launch"), load("_wait")

PASSING = consul.Health("passing", "")
REFUSED = consul.Health("critical", "dial tcp 10.210.0.2:80: connection refused")
LONG_AGO = "1970-01-01T00:01:00Z"


def container(restarts: int = 0, **state: Any) -> dict[str, Any]:
    known = {"Status": "running", "ExitCode": 0, "StartedAt": LONG_AGO}
    return {"State": {**known, **state}, "RestartCount": restarts}


def started(kind: str = "tcp", monitor_s: float = 5, **fields: Any) -> Any:
    action = {
        "name": "web",
        "config": {},
        "files": [],
        "registration": {"id": "web", "check": {"kind": kind}},
        "completes": False,
        "unattended": False,
        "deadline_s": 60,
        "monitor_s": monitor_s,
        **fields,
    }
    return launches.Launch(action)


def judge(launch: Any, waited_s: float, health: Any, seen: dict[str, Any] | None = None) -> str:
    launch.container = seen or container()
    return str(wait.judge(launch, health, waited_s))


def test_without_a_time_to_monitor_it_is_up_once_it_is_healthy() -> None:
    launch = started(monitor_s=0)

    assert (judge(launch, 1, REFUSED), launch.is_up) == ("", False)
    assert (judge(launch, 2, PASSING), launch.is_up) == ("", True)


def test_it_has_to_stay_healthy_for_that_time() -> None:
    launch = started()

    assert (judge(launch, 2, PASSING), launch.is_up) == ("", False)
    assert (judge(launch, 6.5, PASSING), launch.is_up) == ("", False)
    assert (judge(launch, 7, PASSING), launch.is_up) == ("", True)


@pytest.mark.parametrize(
    ("health", "seen", "expected"),
    [
        pytest.param(REFUSED, container(), f"Consul says critical: {REFUSED.output}", id="check"),
        pytest.param(
            PASSING, container(Status="exited", ExitCode=3), "exited with code 3", id="ended"
        ),
        pytest.param(
            PASSING, container(restarts=1), "does not stay up: restarted 1 times", id="restarted"
        ),
        pytest.param(
            PASSING,
            container(
                Health={"Status": "unhealthy", "Log": [{"ExitCode": 4, "Output": "no luck"}]}
            ),
            "unhealthy: last probe ended with 4: no luck",
            id="unhealthy",
        ),
    ],
)
def test_what_fails_in_that_time_has_failed(
    health: Any, seen: dict[str, Any], expected: str
) -> None:
    launch = started()
    judge(launch, 2, PASSING)

    reason = judge(launch, 3.2, health, seen)

    assert reason == f"did not stay healthy for 5 s: {expected}"
    assert not launch.is_up


def test_the_deadline_ends_before_that_time_begins() -> None:
    launch = started(deadline_s=3)

    assert judge(launch, 2.9, PASSING) == ""
    assert (judge(launch, 7.9, PASSING), launch.is_up) == ("", True)


def test_what_is_not_healthy_by_the_deadline_is_too_late() -> None:
    reason = judge(started(deadline_s=3), 3, REFUSED)

    assert reason == f"not healthy within 3 s (Consul says critical: {REFUSED.output})"


def test_without_a_check_it_has_to_run_for_that_time() -> None:
    launch = started(kind="none")

    assert (judge(launch, 0, PASSING), launch.is_up) == ("", True)
