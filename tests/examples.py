"""How many examples hypothesis tries: a few by default, many more where there is time (`make thorough`)."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

_TIMES = int(os.environ.get("ORCHESTRATE_EXAMPLES", "1"))
_USUAL = 25


def examples(count: int = _USUAL, **more: Any) -> settings:
    """The same ones each time, so that a change of the code is all that can turn a test red."""
    return settings(
        max_examples=count * _TIMES,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )
