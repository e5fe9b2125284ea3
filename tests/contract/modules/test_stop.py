"""Stopping replicas: out of traffic first, connections may end, then nothing is left."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.contract.modules.consul_agent import Agent
from tests.contract.modules.site import PROJECT, Site, stop
from tests.until import until

pytestmark = pytest.mark.contract

WEB = f"{PROJECT}-web-1-r1"


def started(site: Site) -> dict[str, Any]:
    site.replicas(site.start(WEB))
    return site.seen(WEB)


def connected(container: dict[str, Any]) -> socket.socket:
    """Return a connection that the server has accepted."""
    connection = socket.create_connection((container["address"], 8000), timeout=5)
    connection.sendall(b"GET / HTTP/1.1\r\n")
    return connection


def test_nothing_is_left(site: Site) -> None:
    started(site)

    answer = site.replicas(stop(WEB))

    assert answer["results"][0]["detail"] == "stopped, removed, deregistered"
    assert site.seen(WEB) == {}
    assert site.registered(WEB) == {}
    assert not site.file(WEB).exists()
    assert site.replicas(stop(WEB))["results"][0]["detail"] == "nothing to do"


def test_check_mode_says_the_same_and_does_nothing(site: Site) -> None:
    before = started(site)

    foreseen = site.replicas(stop(WEB), check=True)

    assert site.seen(WEB) == before
    assert site.registered(WEB)["status"] == "passing"
    assert foreseen["results"] == site.replicas(stop(WEB))["results"]


def test_it_can_be_kept_stopped(site: Site) -> None:
    started(site)

    answer = site.replicas(stop(WEB, remove=False))

    assert answer["results"][0]["detail"] == "stopped, deregistered"
    assert site.seen(WEB)["state"] == "exited"
    assert site.registered(WEB) == {}


def test_it_is_in_maintenance_until_its_last_connection_has_ended(site: Site) -> None:
    connection = connected(started(site))
    with site.launch(stop(WEB, drain_timeout_s=60)) as stopping:
        until(lambda: status_is(site, "maintenance"), "it is in maintenance")
        container = site.seen(WEB)
        connection.close()
        answer = stopping.answer()

    assert container["state"] == "running"
    assert answer["results"][0]["detail"] == "drained, stopped, removed, deregistered"


def test_connections_that_do_not_end_are_cut_in_the_end(site: Site) -> None:
    with connected(started(site)):
        answer = site.replicas(stop(WEB, drain_timeout_s=1))

    assert answer["results"][0]["detail"].startswith("drained, 1 connection left, stopped")


def test_traffic_returns_to_one_that_is_started_after_all(site: Site, agent: Agent) -> None:
    """A stop that was killed while it waited leaves maintenance behind."""
    started(site)
    reason = "orchestrate: stopping this replica".replace(" ", "%20")
    agent.ask(f"/v1/agent/service/maintenance/{WEB}?enable=true&reason={reason}", "PUT")

    answer = site.replicas(site.start(WEB))

    assert answer["results"][0]["detail"] == "taken out of maintenance"
    assert site.registered(WEB)["status"] == "passing"


def test_maintenance_does_not_outlive_the_container(site: Site, agent: Agent) -> None:
    started(site)
    agent.ask(f"/v1/agent/service/maintenance/{WEB}?enable=true", "PUT")

    site.replicas(stop(WEB), site.start(WEB))

    assert status_is(site, "passing")


def test_a_stopped_agent_is_no_reason_to_keep_it(site: Site, agent: Agent) -> None:
    started(site)
    agent.stop()
    try:
        answer = site.replicas(stop(WEB))
        seen = site.look()["consul"]
    finally:
        agent.start()

    assert answer["results"][0]["detail"] == "stopped, removed, deregistered"
    assert seen == {"state": "stopped", "leader": "", "services": []}
    assert WEB not in agent.ask("/v1/agent/services")


def status_is(site: Site, status: str) -> bool:
    return bool(site.registered(WEB).get("status") == status)
