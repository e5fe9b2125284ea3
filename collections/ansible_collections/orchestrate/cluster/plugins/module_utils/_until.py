# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting with an end: by the clock, not by the number of looks."""

from __future__ import annotations

import time
from typing import Callable, TypeVar

T = TypeVar("T")


def until(
    look: Callable[[], T], is_done: Callable[[T], bool], *, within_s: float, poll_s: float
) -> T:
    """Look again until it is done, or the time is over; return what was seen last."""
    deadline = time.monotonic() + within_s
    while True:
        seen = look()
        if is_done(seen) or time.monotonic() >= deadline:
            return seen
        time.sleep(poll_s)
