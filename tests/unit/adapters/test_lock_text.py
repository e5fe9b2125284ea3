"""What a person is told of whoever holds the lock."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.adapters.consul.lock import describe

HOLDER = {"user": "ada", "host": "desk", "pid": 7, "command": "orchestrate converge", "at": 100.0}


def test_the_holder_is_named_with_a_way_out() -> None:
    said = describe(HOLDER, 112.4)

    assert said.startswith(
        "ada@desk (process 7) has held the lock for 12 s (orchestrate converge): "
    )
    assert "--lock-wait" in said
    assert "orchestrate unlock" in said


@pytest.mark.parametrize(
    ("holder", "said"),
    [
        pytest.param(None, "the lock is held; try again", id="gone-meanwhile"),
        pytest.param(
            {}, "?@? (process ?) has held the lock for 0 s (unknown command)", id="wrote-nothing"
        ),
        pytest.param(
            {**HOLDER, "at": 500},
            "ada@desk (process 7) has held the lock for 0 s",
            id="clock-ahead",
        ),
        pytest.param(
            {**HOLDER, "at": "noon"},
            "ada@desk (process 7) has held the lock for 0 s",
            id="no-moment",
        ),
        pytest.param(
            {**HOLDER, "at": None}, "ada@desk (process 7) has held the lock for 0 s", id="never"
        ),
    ],
)
def test_whatever_the_holder_wrote(holder: dict[str, Any] | None, said: str) -> None:
    assert describe(holder, 112).startswith(said)
