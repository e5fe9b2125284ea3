"""A replica with further names, and with an address that was chosen for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.modules.consul_agent import Agent
from tests.contract.modules.site import PROJECT, Site, stop
from tests.until import until

pytestmark = pytest.mark.contract

WEB = f"{PROJECT}-web-1-r1"
ALIAS = f"{PROJECT}--www"


def start(site: Site, *aliases: str, **fields: Any) -> dict[str, Any]:
    action = site.start(WEB) | fields
    return action | {"registration": action["registration"] | {"aliases": list(aliases)}}


def passing(agent: Agent, name: str) -> list[str]:
    found = agent.ask(f"/v1/health/service/{name}?passing")
    return [entry["Service"]["Address"] for entry in found]


def test_it_is_found_under_its_alias_while_it_is_healthy(site: Site, agent: Agent) -> None:
    site.replicas(start(site, ALIAS))

    address = site.seen(WEB)["address"]
    until(lambda: passing(agent, ALIAS) == [address], "the alias passes")
    site.client.containers.get(WEB).stop(timeout=0)
    until(lambda: passing(agent, ALIAS) == [], "the alias fails with it")


def test_the_second_time_there_is_nothing_to_do(site: Site) -> None:
    site.replicas(start(site, ALIAS))

    assert site.replicas(start(site, ALIAS))["changed"] is False


def test_an_alias_that_is_no_longer_asked_for_goes(site: Site, agent: Agent) -> None:
    site.replicas(start(site, ALIAS))

    site.replicas(start(site))

    until(lambda: ALIAS not in agent.ask("/v1/agent/services"), "it is forgotten")
    assert agent.ask(f"/v1/catalog/service/{ALIAS}") == []


def test_with_the_replica_its_aliases_go(site: Site, agent: Agent) -> None:
    site.replicas(start(site, ALIAS))

    site.replicas(stop(WEB))

    assert agent.ask("/v1/agent/services") == {}


def test_it_gets_the_address_that_was_chosen_for_it(site: Site) -> None:
    site.replicas(start(site, address="198.19.200.77"))

    seen = site.look()
    assert site.seen(WEB)["address"] == "198.19.200.77"
    assert seen["addresses"] == ["198.19.200.77"]


def test_an_address_that_another_container_has_is_named(site: Site) -> None:
    other = f"{PROJECT}-web-2-r1"
    site.replicas(start(site, address="198.19.200.77"))

    answer = site.replicas(site.start(other) | {"address": "198.19.200.77"})

    assert "the address 198.19.200.77 is held by another container" in answer["msg"]
