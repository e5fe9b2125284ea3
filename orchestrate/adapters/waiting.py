"""Waiting for something elsewhere: always with an end, and with words for what is waited for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from orchestrate.errors import StoppedError

T = TypeVar("T")


def _never_stopped() -> Callable[[float], bool]:
    return threading.Event().wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Wait for `what`, `within_s` seconds at most, with a look every `every_s` seconds.

    `pause` sleeps so many seconds, and returns true as soon as the user wants it to end: the `wait` of an
    event. `so_far` is what the user reads then of what was done before.
    """

    what: str
    within_s: float
    every_s: float
    pause: Callable[[float], bool] = field(default_factory=_never_stopped)
    so_far: str = ""

    def until(self, attempt: Callable[[], T], on: type[Exception]) -> T:
        """Return what the first attempt returns that does not raise `on`.

        The last of those errors is raised when the time is up, and StoppedError when the user stops it.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(on),
            wait=wait_fixed(self.every_s),
            stop=stop_after_delay(self.within_s),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(attempt)

    def _sleep(self, seconds: float) -> None:
        if self.pause(seconds):
            done = f"; {self.so_far}" if self.so_far else ""
            raise StoppedError(f"Stopped while waiting for {self.what}{done}.")
