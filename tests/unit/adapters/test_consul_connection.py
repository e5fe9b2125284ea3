"""A command asks Consul over one connection, and over another one for each further thread."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from orchestrate.adapters.consul.access import Access, reach
from orchestrate.errors import UnreachableError
from tests.fake_consul import LEADER, FakeConsul, serving


def ask(access: Access) -> None:
    with access.speaking("Consul's leader cannot be told") as client:
        assert client.status.leader() == LEADER


def test_requests_share_a_connection() -> None:
    consul = FakeConsul()

    with serving(consul), reach(consul.address, {}, threading.Event()) as access:
        for _ in range(3):
            ask(access)
        access.await_leader()

    assert consul.connections == 1


def test_threads_share_none() -> None:
    consul = FakeConsul()

    with (
        serving(consul),
        reach(consul.address, {}, threading.Event()) as access,
        ThreadPoolExecutor(1) as other,
    ):
        other.submit(ask, access).result()

    assert consul.connections == 2


def test_a_connection_that_was_closed_is_opened_again() -> None:
    """As when the agent at its other end was started again."""
    first, second = FakeConsul(), FakeConsul()
    with serving(first), reach(first.address, {}, threading.Event()) as access:
        ask(access)

    with pytest.raises(UnreachableError, match="Consul no longer answers"):
        ask(access)
    with serving(second, access.port):
        ask(access)
