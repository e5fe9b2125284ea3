"""The first Consul server that answers and knows a leader."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from consul import Consul
from consul.base import ConsulException

from orchestrate.adapters.consul.tunnel import forwarding, free_port, tunnel
from orchestrate.errors import SettingsError, UnreachableError

Command = Callable[[str, list[str]], list[str]]
"""(host, options) -> the ssh command that leads there."""

_TIMEOUT_S = 10
FAILURES = (ConsulException, requests.RequestException)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where Consul answers: `connect` makes a client of its own for each thread that needs one."""

    host: str
    port: int
    scheme: str = "http"

    def connect(self) -> Any:
        with warnings.catch_warnings():
            # python-consul2 0.1.5 warns at construction of an argument that it passes itself.
            warnings.simplefilter("ignore", DeprecationWarning)
            client = Consul(host=self.host, port=self.port, scheme=self.scheme, timeout=_TIMEOUT_S)
        client.http.session.trust_env = False  # an HTTP proxy of the user's is not for this way
        return client

    @contextmanager
    def speaking(self, about: str) -> Iterator[Any]:
        """A client; UnreachableError begins with `about` when Consul fails to answer it."""
        try:
            yield self.connect()
        except FAILURES as error:
            raise UnreachableError(f"{about}: {_words(error)}; run it again") from error


@contextmanager
def reach(address: str, servers: Sequence[str], command: Command) -> Iterator[Access]:
    """At `address`, or else through SSH to the first of `servers` that will do."""
    if address:
        access = _parsed(address)
        _require_leader(access, address)
        yield access
        return
    with ExitStack() as stack:
        yield _first_that_answers(stack, servers, command)


def _parsed(address: str) -> Access:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(f"consul_address: expected http://HOST:PORT, got {address!r}")
    return Access(host=parts.hostname, port=parts.port or 8500, scheme=parts.scheme)


def _first_that_answers(stack: ExitStack, servers: Sequence[str], command: Command) -> Access:
    reasons: list[str] = []
    for server in servers:
        port = free_port()
        access = Access(host="127.0.0.1", port=port)
        try:
            stack.enter_context(tunnel(command(server, forwarding(port)), port))
            _require_leader(access, server)
        except UnreachableError as error:
            reasons.append(f"{server}: {error}")
        else:
            return access
    raise UnreachableError(
        "no Consul server answers, so nothing was changed: "
        + "; ".join(reasons)
        + ". If the nodes are new, run `orchestrate provision`"
    )


def _words(error: Exception) -> str:
    """Consul's own words; those of a broken connection would speak of our tunnel's port."""
    return str(error) if isinstance(error, ConsulException) else "Consul no longer answers"


def _require_leader(access: Access, name: str) -> None:
    try:
        leader = access.connect().status.leader()
    except (*FAILURES, ValueError) as error:
        raise UnreachableError(f"Consul does not answer ({type(error).__name__})") from error
    if not leader:
        raise UnreachableError(f"Consul has no leader ({name} knows of none)")
