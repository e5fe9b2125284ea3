"""When a replica is certain not to come up."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.modules.collection import load

wait = load("_wait")


def container(restarts: int = 0, **state: Any) -> dict[str, Any]:
    return {"State": {"Status": "running", "ExitCode": 0, **state}, "RestartCount": restarts}


UNHEALTHY = {
    "Status": "unhealthy",
    "Log": [{"ExitCode": 1, "Output": "first"}, {"ExitCode": 7, "Output": "last\n"}],
}


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (container(), ""),
        (container(Health={"Status": "starting"}), ""),
        (container(Health={"Status": "healthy"}), ""),
        (container(Status="exited", ExitCode=3), "exited with code 3"),
        (container(Status="exited", ExitCode=0), "exited with code 0"),
        (container(Status="restarting", ExitCode=1), "exited with code 1"),
        (
            container(Status="exited", ExitCode=127, Error="no such file"),
            "exited with code 127 (no such file)",
        ),
        (container(restarts=6), "does not stay up: restarted 2 times"),
        (container(restarts=4), ""),
        (
            container(Status="exited", ExitCode=137, OOMKilled=True),
            "exited with code 137: it used more memory than its limit allows",
        ),
        (container(OOMKilled=True), ""),
        (container(Health=UNHEALTHY), "unhealthy: last probe ended with 7: last"),
        (container(Health={"Status": "unhealthy"}), "unhealthy: no probe has ended yet"),
    ],
)
def test_trouble(seen: dict[str, Any], expected: str) -> None:
    assert wait.trouble(seen, restarts_before=4) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (container(), True),
        (container(Health=UNHEALTHY), False),
        (container(Status="restarting", Health=UNHEALTHY), True),
        (container(Status="exited"), False),
    ],
)
def test_whether_the_engine_goes_on_with_it(seen: dict[str, Any], *, expected: bool) -> None:
    assert wait.is_tried(seen) is expected


@pytest.mark.parametrize(
    "started", ["1970-01-01T00:01:00.5Z", "1970-01-01T00:01:00.500000000Z", "1970-01-01T00:01:00.5"]
)
def test_how_long_it_runs(started: str) -> None:
    assert wait.running_s(container(StartedAt=started), now=62) == 1.5


def test_whole_seconds_too() -> None:
    assert wait.running_s(container(StartedAt="1970-01-01T00:01:00Z"), now=62) == 2
