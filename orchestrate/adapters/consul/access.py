"""The first Consul server that answers and knows a leader."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests
from consul import Consul
from consul.base import ConsulException

from orchestrate.adapters.consul.tunnel import (
    CONSUL_PORT,
    LOOPBACK,
    forwarding,
    free_port,
    tunnel,
)
from orchestrate.adapters.waiting import Wait
from orchestrate.errors import UnreachableError

Command = Callable[[list[str]], list[str]]
"""options -> the ssh command that leads to a server."""

_TIMEOUTS_S = (10, 10)
_ELECTION_S = 30  # three servers elect one in about ten seconds
_PAUSE_S = 0.5
FAILURES = (ConsulException, requests.RequestException)


class _NoLeaderError(UnreachableError):
    """Consul has no leader; it may have one in some seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The address at which Consul answers. Each thread has a client with an open connection of its own."""

    host: str
    port: int
    scheme: str = "http"
    _of_thread: threading.local = field(default_factory=threading.local, repr=False, compare=False)

    @property
    def client(self) -> Any:
        if not hasattr(self._of_thread, "client"):
            self._of_thread.client = self.connect()
        return self._of_thread.client

    def connect(self, timeouts_s: tuple[float, float] = _TIMEOUTS_S) -> Any:
        """Return a new client; `timeouts_s`: how long connecting may take, and how long an answer."""
        with warnings.catch_warnings():
            # python-consul2 0.1.5 warns at construction of an argument that it passes itself.
            warnings.simplefilter("ignore", DeprecationWarning)
            client = Consul(host=self.host, port=self.port, scheme=self.scheme, timeout=timeouts_s)
        client.http.session.trust_env = False  # an HTTP proxy of the user's is not for this way
        return client

    @contextmanager
    def speaking(self, about: str) -> Iterator[Any]:
        """A client; UnreachableError begins with `about` when Consul fails to answer it."""
        try:
            yield self.client
        except FAILURES as error:
            raise UnreachableError(f"{about}: {_words(error)}; run it again") from error

    def await_leader(self) -> None:
        """Wait half a minute at the most: the one that was there may just have gone, by our own doing.

        A cycle that was stopped waits, too: what it has done is still to be written down.
        """
        wait = Wait(what="Consul's election", within_s=_ELECTION_S, every_s=_PAUSE_S)
        wait.until(lambda: _require_leader(self, "the server"), on=UnreachableError)


Way = Callable[[ExitStack], Access]
"""Opens what leads to a server, for as long as the stack stands."""


@contextmanager
def reach(
    address: str, servers: Mapping[str, Command | None], stopped: threading.Event
) -> Iterator[Access]:
    """Reach Consul at `address`, or through SSH to the first server that will do; None is this machine.

    UnreachableError says what each of them answered; StoppedError when `stopped` is set meanwhile.
    """
    with ExitStack() as stack:
        if address:
            yield _patiently(stack, {address: lambda _: _parsed(address)}, stopped)
        else:
            ways = {
                name: partial(_through_ssh, ssh, stopped) if ssh else _here
                for name, ssh in servers.items()
            }
            yield _patiently(stack, ways, stopped)


def _parsed(address: str) -> Access:
    parts = urlsplit(address)
    return Access(host=str(parts.hostname), port=parts.port or CONSUL_PORT, scheme=parts.scheme)


def _patiently(stack: ExitStack, ways: Mapping[str, Way], stopped: threading.Event) -> Access:
    """The first way that leads to a leader; while one is being elected, all are tried again."""
    wait = Wait(
        what="Consul's election",
        within_s=_ELECTION_S,
        every_s=_PAUSE_S,
        pause=stopped.wait,
        so_far="nothing was changed",
    )
    return wait.until(lambda: _first_with_leader(stack, ways), on=_NoLeaderError)


def _first_with_leader(stack: ExitStack, ways: Mapping[str, Way]) -> Access:
    reasons: dict[str, UnreachableError] = {}
    for server, way in ways.items():
        with ExitStack() as attempt:
            try:
                access = way(attempt)
                _require_leader(access, server)
            except UnreachableError as error:
                reasons[server] = error
            else:
                stack.push(attempt.pop_all())
                return access
    is_electing = any(isinstance(reason, _NoLeaderError) for reason in reasons.values())
    raise (_NoLeaderError if is_electing else UnreachableError)(_explained(reasons))


def _here(_: ExitStack) -> Access:
    return Access(host=LOOPBACK, port=CONSUL_PORT)


def _through_ssh(command: Command, stopped: threading.Event, stack: ExitStack) -> Access:
    port = free_port()
    stack.enter_context(tunnel(command(forwarding(port)), port, stopped))
    return Access(host=LOOPBACK, port=port)


def _explained(reasons: Mapping[str, UnreachableError]) -> str:
    said = "; ".join(f"{server}: {reason}" for server, reason in reasons.items())
    return (
        f"no Consul server answers, so nothing was changed: {said}. "
        "If the nodes are new, run `orchestrate provision`"
    )


def _words(error: Exception) -> str:
    """Consul's own words; those of a broken connection would speak of our tunnel's port."""
    return str(error) if isinstance(error, ConsulException) else "Consul no longer answers"


def _require_leader(access: Access, name: str) -> None:
    """A leader that is only remembered, as its node has just died, does not confirm anything."""
    client = access.client
    try:
        leader = client.status.leader()
    except (*FAILURES, ValueError) as error:
        raise UnreachableError(f"Consul does not answer ({type(error).__name__})") from error
    if not leader:
        raise _NoLeaderError(f"Consul has no leader ({name} knows of none)")
    try:
        client.kv.get("orchestrate/", keys=True, consistency="consistent")
    except FAILURES as error:
        raise _NoLeaderError(f"Consul's leader {leader} does not answer {name}") from error
