"""A run may be killed after any of its steps; the same call then finishes the work."""

from __future__ import annotations

from collections.abc import Callable

import docker
import pytest

from tests.contract.modules.consul_agent import Agent
from tests.contract.modules.site import NETWORK, PROJECT, Site, stop
from tests.until import until

pytestmark = pytest.mark.contract

WEB = f"{PROJECT}-web-1-r1"


def only_created(site: Site, agent: Agent) -> None:
    only_stopped(site, agent)
    container = site.client.containers.get(WEB)
    container.remove()
    endpoint = site.client.api.create_endpoint_config(ipv4_address="198.19.200.2")
    site.client.containers.create(
        site.image,
        name=WEB,
        labels=container.labels,
        network=NETWORK,
        networking_config={NETWORK: endpoint},
    )


def only_stopped(site: Site, _agent: Agent) -> None:
    site.replicas(site.start(WEB), stop(WEB, remove=False))


def unregistered(site: Site, agent: Agent) -> None:
    site.replicas(site.start(WEB))
    site.file(WEB).unlink()
    agent.ask(f"/v1/agent/service/deregister/{WEB}", "PUT")


def written_but_not_loaded(site: Site, agent: Agent) -> None:
    site.replicas(site.start(WEB))
    agent.ask(f"/v1/agent/service/deregister/{WEB}", "PUT")


def loaded_but_not_written(site: Site, _agent: Agent) -> None:
    site.replicas(site.start(WEB))
    site.file(WEB).unlink()


def half_written(site: Site, agent: Agent) -> None:
    unregistered(site, agent)
    site.file(WEB).with_name(f"{site.file(WEB).name}.new").write_text('{"service": {"id"')


def paused(site: Site, _agent: Agent) -> None:
    site.replicas(site.start(WEB))
    site.client.containers.get(WEB).pause()


def stopped_but_registered(site: Site, _agent: Agent) -> None:
    site.replicas(site.start(WEB))
    site.client.containers.get(WEB).stop(timeout=0)


def removed_but_registered(site: Site, _agent: Agent) -> None:
    site.replicas(site.start(WEB))
    site.client.containers.get(WEB).remove(force=True)


def complete(site: Site, _agent: Agent) -> None:
    site.replicas(site.start(WEB))


def never_begun(_site: Site, _agent: Agent) -> None:
    pass


STATES: tuple[Callable[[Site, Agent], None], ...] = (
    never_begun,
    only_created,
    only_stopped,
    unregistered,
    written_but_not_loaded,
    loaded_but_not_written,
    half_written,
    paused,
    stopped_but_registered,
    removed_but_registered,
    complete,
)


@pytest.mark.parametrize("prepare", STATES, ids=lambda state: state.__name__)
def test_a_start_ends_with_one_that_serves(
    site: Site, agent: Agent, prepare: Callable[[Site, Agent], None]
) -> None:
    prepare(site, agent)

    answer = site.replicas(site.start(WEB))

    assert not answer.get("failed"), answer["msg"]
    assert site.seen(WEB)["state"] == "running"
    service = site.registered(WEB)
    assert (service["status"], service["file"]) == ("passing", True)
    assert site.replicas(site.start(WEB))["changed"] is False


@pytest.mark.parametrize("prepare", STATES, ids=lambda state: state.__name__)
def test_a_stop_ends_with_nothing(
    site: Site, agent: Agent, prepare: Callable[[Site, Agent], None]
) -> None:
    prepare(site, agent)

    answer = site.replicas(stop(WEB))

    assert not answer.get("failed"), answer["msg"]
    assert site.seen(WEB) == {}
    assert site.registered(WEB) == {}
    assert not site.file(WEB).exists()
    assert site.replicas(stop(WEB))["changed"] is False


@pytest.mark.parametrize("stage", ["exists", "runs", "is written", "is listed"])
def test_a_start_that_was_killed_is_finished(site: Site, agent: Agent, stage: str) -> None:
    stages: dict[str, Callable[[], bool]] = {
        "exists": lambda: bool(site.client.api.containers(all=True, filters={"name": WEB})),
        "runs": lambda: bool(site.client.api.containers(filters={"name": WEB})),
        "is written": lambda: site.file(WEB).exists(),
        "is listed": lambda: WEB in agent.ask("/v1/agent/services"),
    }
    with site.launch(site.start(WEB)):
        until(stages[stage], f"the container {stage}", poll_s=0.01)

    answer = site.replicas(site.start(WEB))

    assert not answer.get("failed"), answer["msg"]
    assert site.registered(WEB)["status"] == "passing"
    assert [container["name"] for container in site.look()["containers"]] == [WEB]


@pytest.mark.parametrize("stage", ["drains", "has stopped", "is gone"])
def test_a_stop_that_was_killed_is_finished(site: Site, agent: Agent, stage: str) -> None:
    stages: dict[str, Callable[[], bool]] = {
        "drains": lambda: f"_service_maintenance:{WEB}" in agent.ask("/v1/agent/checks"),
        "has stopped": lambda: not site.client.api.containers(filters={"name": WEB}),
        "is gone": lambda: not site.client.api.containers(all=True, filters={"name": WEB}),
    }
    site.replicas(site.start(WEB))
    with site.launch(stop(WEB, drain_timeout_s=5)):
        until(stages[stage], f"the container {stage}", poll_s=0.01)

    answer = site.replicas(stop(WEB))

    assert not answer.get("failed"), answer["msg"]
    assert (site.seen(WEB), site.registered(WEB)) == ({}, {})
    assert not site.file(WEB).exists()


def test_a_network_that_was_made_anew_takes_the_container_back(site: Site, agent: Agent) -> None:
    only_stopped(site, agent)
    old = site.client.networks.get(NETWORK)
    pool = docker.types.IPAMConfig(pool_configs=old.attrs["IPAM"]["Config"])
    old.remove()
    site.client.networks.create(NETWORK, ipam=pool)

    answer = site.replicas(site.start(WEB))

    assert answer["results"][0]["detail"] == "created anew, started, registered"


def test_two_runs_do_not_work_beside_each_other(site: Site) -> None:
    """The second waits for the first, and then finds the work done."""
    with site.launch(site.start(WEB)) as first, site.launch(site.start(WEB)) as second:
        changed = sorted([first.answer()["changed"], second.answer()["changed"]])

    assert changed == [False, True]
