"""The lock: a Consul session that holds one key, renewed for as long as its holder lives.

A holder that was killed on this very machine is found out by its process, and need not be waited for;
one on another machine is gone when its session is (its time to live, twice at the most).
"""

from __future__ import annotations

import getpass
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from consul.base import NotFound

from orchestrate.adapters.consul.access import FAILURES, Access
from orchestrate.adapters.waiting import Wait
from orchestrate.errors import LockHeldError
from orchestrate.ports.clock import Clock

KEY = "orchestrate/lock"
_TTL_S = 31
"""A new leader may take 20 s to be elected, and a cycle may itself have retired the old one. A lost lock is
known after 27 s at the latest, which leaves the time of one renewal to stop what runs."""
_PAUSE_S = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """How the session is kept, in seconds. All of it ends before Consul may give the lock to another.

    `expires_s`: the session's time to live, counted from when its last renewal was sent. `retry_s`: the pause
    after a renewal that failed. `connect_s` and `answer_s`: how long one may take.
    """

    expires_s: float = _TTL_S
    interval_s: float = 4
    retry_s: float = 1
    connect_s: float = 1
    answer_s: float = 2

    def may_retry(self, age_s: float) -> bool:
        """True if another renewal could still end in time, for a session that was renewed `age_s` ago."""
        return age_s + self.retry_s + self.connect_s + self.answer_s < self.expires_s


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsulLock:
    """`wait_s`: how long to wait for another holder, unless `stopped` is set meanwhile.

    `lost` is set when the right to act is gone.
    """

    access: Access
    clock: Clock
    stopped: threading.Event
    wait_s: float = 0
    lost: threading.Event = field(default_factory=threading.Event)
    renewal: Renewal = field(default_factory=Renewal)

    @contextmanager
    def hold(self, command: str) -> Iterator[None]:
        asked_at = time.monotonic()
        with self.access.speaking("the lock cannot be taken") as client:
            session = client.session.create(
                name="orchestrate", ttl=_TTL_S, lock_delay=0, behavior="release"
            )
        ended = threading.Event()
        keeper = threading.Thread(target=self._renew, args=(session, asked_at, ended), daemon=True)
        keeper.start()  # waiting may take longer than a session lives
        try:
            with self.access.speaking("the lock cannot be taken") as client:
                self._acquire(client, session, command)
            yield
        finally:
            ended.set()
            keeper.join()
            with suppress(*FAILURES):  # what cannot be ended now ends when its time is over
                client.session.destroy(session)

    def is_lost(self) -> bool:
        return self.lost.is_set()

    def _acquire(self, client: Any, session: str, command: str) -> None:
        value = json.dumps(_identity(command) | {"at": self.clock.now()})
        wait = Wait(
            what="the lock",
            within_s=self.wait_s,
            every_s=_PAUSE_S,
            pause=self.stopped.wait,
            so_far="nothing was changed",
        )
        wait.until(lambda: self._try(client, session, value), on=LockHeldError)

    def _try(self, client: Any, session: str, value: str) -> None:
        if client.kv.put(KEY, value, acquire=session):
            return
        holder = _holder(client)
        if holder and _is_dead(holder):
            client.session.destroy(holder["session"])
            if client.kv.put(KEY, value, acquire=session):
                return
            holder = _holder(client)
        raise LockHeldError(describe(holder, self.clock.now()))

    def _renew(self, session: str, renewed_at: float, ended: threading.Event) -> None:
        """Keep the session, in a thread with a connection of its own.

        The lock is lost when its session is gone, or when it may be before Consul can be asked once more.
        """
        rules, pause_s = self.renewal, self.renewal.interval_s
        client = self.access.connect((rules.connect_s, rules.answer_s))
        is_lost = False
        while not (is_lost or ended.wait(pause_s)):
            asked_at = time.monotonic()
            try:
                client.session.renew(session)
                renewed_at, pause_s = asked_at, rules.interval_s
            except NotFound:
                is_lost = True
            except FAILURES:
                pause_s = rules.retry_s
                is_lost = not rules.may_retry(time.monotonic() - renewed_at)
        if is_lost:
            self.lost.set()


def break_lock(access: Access) -> str | None:
    """Take the lock from whoever has it; says who that was, None if nobody."""
    with access.speaking("the lock cannot be taken away") as client:
        holder = _holder(client)
        if holder is None:
            return None
        client.session.destroy(holder["session"])
        return _named(holder)


def describe(holder: dict[str, Any] | None, now: float) -> str:
    if holder is None:
        return "the lock is held; try again"
    command = holder.get("command", "unknown command")
    return (
        f"{_named(holder)} has held the lock for {_age_s(holder, now):.0f} s ({command}): "
        "wait with --lock-wait SECONDS, or take the lock away with `orchestrate unlock`"
    )


def _age_s(holder: dict[str, Any], now: float) -> float:
    """The clocks of two controllers may differ; what is no moment was just now."""
    at = holder.get("at")
    return max(0, now - at) if isinstance(at, int | float) else 0


def _named(holder: dict[str, Any]) -> str:
    return f"{holder.get('user', '?')}@{holder.get('host', '?')} (process {holder.get('pid', '?')})"


def _holder(client: Any) -> dict[str, Any] | None:
    _, entry = client.kv.get(KEY)
    if not entry or "Session" not in entry:
        return None
    try:
        said = json.loads(entry["Value"] or b"{}")
    except ValueError:
        said = {}
    return (said if isinstance(said, dict) else {}) | {"session": entry["Session"]}


def _identity(command: str) -> dict[str, Any]:
    return {
        "user": getpass.getuser(),
        "host": socket.gethostname(),
        "boot": _boot(),
        "pid": os.getpid(),
        "command": command,
    }


def _is_dead(holder: dict[str, Any]) -> bool:
    """True if the holder was a process of this machine, since its last start, that has ended."""
    is_ours = holder.get("boot") == _boot() and holder.get("host") == socket.gethostname()
    return bool(_boot()) and is_ours and not Path(f"/proc/{holder.get('pid', 0)}").exists()


def _boot() -> str:
    file = Path("/proc/sys/kernel/random/boot_id")
    return file.read_text(encoding="ascii").strip() if file.exists() else ""
