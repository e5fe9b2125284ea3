"""Starting replicas: whatever was there before, afterwards one runs, is registered and is healthy."""

from __future__ import annotations

import json
import stat
import time
from typing import Any

import docker
import pytest

from tests.contract.modules.consul_agent import Agent
from tests.contract.modules.site import LABELS, NETWORK, PROJECT, Site, registration, stop
from tests.until import until

pytestmark = pytest.mark.contract

WEB = f"{PROJECT}-web-1-r1"
DONE = "created, started, registered"


def detail(answer: dict[str, Any], index: int = 0) -> str:
    return str(answer["results"][index]["detail"])


def test_it_runs_and_is_registered_and_passes(site: Site) -> None:
    answer = site.replicas(site.start(WEB))

    assert (answer["changed"], detail(answer)) == (True, DONE)
    container, service = site.seen(WEB), site.registered(WEB)
    assert container["state"] == "running"
    assert service["address"] == container["address"]
    assert (service["status"], service["file"], service["port"]) == ("passing", True, 8000)


def test_the_second_time_there_is_nothing_to_do(site: Site) -> None:
    site.replicas(site.start(WEB))
    before = site.seen(WEB)

    answer = site.replicas(site.start(WEB))

    assert (answer["changed"], detail(answer)) == (False, "nothing to do")
    assert site.seen(WEB) == before


def test_check_mode_says_the_same_and_does_nothing(site: Site) -> None:
    foreseen = site.replicas(site.start(WEB), check=True)

    assert site.seen(WEB) == {}
    done = site.replicas(site.start(WEB))
    assert {key: foreseen[key] for key in ("changed", "results", "diff")} == {
        key: done[key] for key in ("changed", "results", "diff")
    }
    assert done["diff"]["before"] == f"{WEB}: absent\n"
    assert site.replicas(site.start(WEB), check=True)["changed"] is False


def test_many_are_awaited_together(site: Site) -> None:
    names = [f"{WEB}-{number}" for number in range(4)]

    answer = site.replicas(*(site.start(name) for name in names))

    assert [result["detail"] for result in answer["results"]] == [DONE] * 4
    addresses = {container["address"] for container in site.look()["containers"]}
    assert addresses == {f"198.19.200.{host}" for host in (2, 3, 4, 5)}


def test_addresses_of_stopped_and_foreign_containers_are_left_to_them(site: Site) -> None:
    client = site.client
    client.containers.create(
        site.image,
        name=f"{PROJECT}-foreign",
        network=NETWORK,
        networking_config={NETWORK: client.api.create_endpoint_config(ipv4_address="198.19.200.2")},
    )

    site.replicas(site.start(WEB))

    assert site.seen(WEB)["address"] == "198.19.200.3"


def test_without_a_check_it_has_to_stay_up_for_a_while(site: Site) -> None:
    answer = site.replicas(site.start(WEB, kind="none", monitor_s=1))

    assert detail(answer) == DONE
    assert site.registered(WEB)["status"] == "passing"


def test_with_a_check_it_has_to_stay_healthy_for_a_while(site: Site) -> None:
    began = time.monotonic()

    answer = site.replicas(site.start(WEB, monitor_s=3))

    assert detail(answer) == DONE
    assert time.monotonic() - began >= 3


def test_with_a_healthcheck_the_engine_is_asked(site: Site) -> None:
    probe = {"test": ["CMD", "true"], "interval_s": 1, "timeout_s": 1, "retries": 1}

    answer = site.replicas(site.start(WEB, kind="engine", healthcheck=probe))

    assert detail(answer) == DONE
    assert site.seen(WEB)["health"] == "healthy"


def test_the_registration_is_for_consul_alone_and_whole(site: Site, agent: Agent) -> None:
    site.replicas(site.start(WEB))

    assert stat.S_IMODE(site.file(WEB).stat().st_mode) == 0o640
    definition = json.loads(site.file(WEB).read_text())["service"]
    assert definition["check"]["status"] == "critical"
    assert [file.name for file in agent.services.iterdir() if file.name[0] != "."] == [
        site.file(WEB).name
    ]


def test_volumes_are_made_and_kept(site: Site) -> None:
    name = f"{PROJECT}-kept"
    mount = {"type": "volume", "source": name, "target": "/kept"}
    labels = {**LABELS, "com.docker.compose.volume": "kept"}
    action = site.start(WEB, mounts=[mount], volumes=[{"name": name, "labels": labels}])

    assert detail(site.replicas(action)) == f"volume {name} created, {DONE}"
    site.replicas(stop(WEB))
    assert {"name": name, "labels": labels} in site.look()["volumes"]
    assert detail(site.replicas(action)) == DONE

    assert site.replicas(stop(WEB), {"action": "remove_volume", "name": name})["changed"]
    assert name not in [volume["name"] for volume in site.look()["volumes"]]
    assert not site.replicas({"action": "remove_volume", "name": name})["changed"]


def test_a_registration_alone_can_be_renewed(site: Site, agent: Agent) -> None:
    site.replicas(site.start(WEB))
    before = site.seen(WEB)
    renewed = {**registration(WEB), "tags": ["new"]}

    answer = site.replicas({"action": "register", "registration": renewed})

    assert detail(answer) == "registered"
    assert agent.ask("/v1/agent/services")[WEB]["Tags"] == ["new"]
    assert site.seen(WEB) == before


def test_a_reload_for_one_leaves_the_others_passing(site: Site, agent: Agent) -> None:
    def passing() -> dict[str, int]:
        """What passes in the catalogue, which hears of it a little after the agent, and since when."""
        checks = agent.ask(f"/v1/health/checks/{PROJECT}--web")
        return {
            check["ServiceID"]: check["ModifyIndex"]
            for check in checks
            if check["Status"] == "passing"
        }

    site.replicas(site.start(WEB))
    before = until(passing, "the catalogue knows it as passing")

    site.replicas(site.start(f"{WEB}-other"))

    assert passing().items() >= before.items()


def test_docker_names_no_less_than_the_module(site: Site) -> None:
    """The container is an ordinary one: every Compose-aware tool finds it by its labels."""
    site.replicas(site.start(WEB))

    found = site.client.containers.get(WEB)

    assert isinstance(found, docker.models.containers.Container)
    assert LABELS.items() <= found.labels.items()
