"""Slots of services with configs, secrets and hooks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestrate.model.observed.registration import Registration
from orchestrate.model.spec.lifecycle import Hook
from orchestrate.planner.services.slots import assess
from orchestrate.planner.snapshot import ObservedReplica
from tests.builders import container_of, file, given, node, registration_of, replica
from tests.unit.planner.services.test_slots import PASSING, seen, verdict

SAFE = replica(expose=(8000,), files=given(file()))
GONE = {"/run/secrets/key": "missing"}
WHY_GONE = "its file /run/secrets/key is missing, not 0:0 0444"
FILES = [
    pytest.param({}, "keep", "", id="there"),
    pytest.param({"files": GONE}, "start", WHY_GONE, id="gone"),
    pytest.param(
        {"files": GONE, "state": "exited", "exit_code": 128}, "start", WHY_GONE, id="since-a-boot"
    ),
    pytest.param(
        {"files": GONE, "state": "restarting", "restarts": 3}, "start", WHY_GONE, id="crash-loop"
    ),
    pytest.param({"files": {}}, "replace", "changed by hand", id="never-given"),
]


@pytest.mark.parametrize(("fields", "expected", "reason"), FILES)
def test_a_container_with_a_file(fields: dict[str, Any], expected: str, reason: str) -> None:
    found = verdict(
        seen(container_of(SAFE, **fields), registration_of(SAFE)),
        wanted=SAFE,
    )

    assert (found.verdict, found.reason) == (expected, reason)


@pytest.mark.parametrize(
    ("registration", "expected"),
    [
        pytest.param(None, "start", id="interrupted-before-its-hooks-had-ended"),
        pytest.param(replace(PASSING, filed=False), "register", id="its-hooks-have-been-run"),
    ],
)
def test_what_has_hooks_is_registered_after_them(
    registration: Registration | None, expected: str
) -> None:
    wanted = replica(expose=(8000,), post_start=(Hook(command=("warm",)),))
    kept = ObservedReplica(node=node(), container=container_of(wanted), registration=registration)

    assert assess(wanted, [kept], 60).verdict == expected
