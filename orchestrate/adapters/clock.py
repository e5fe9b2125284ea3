"""The only place that reads the clock."""

from __future__ import annotations

import time


class SystemClock:
    def now(self) -> float:
        return time.time()
