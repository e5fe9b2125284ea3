"""Hooks on a real engine: after the start and before any traffic, and before the stop."""

from __future__ import annotations

import json
from typing import Any

import docker
import pytest

from orchestrate.lab.inside import run_inside
from tests.contract.modules.site import LABELS, PROJECT, Site, stop

pytestmark = pytest.mark.contract

NAME = f"{PROJECT}-hooked"
WORKS = ["sh", "-c", 'echo "$WORD from $PWD" >> /www/hooks']


def hook(command: list[str], **fields: Any) -> dict[str, Any]:
    plain = {"user": "0", "privileged": False, "working_dir": "", "environment": {}}
    return {"command": command, **plain, **fields}


def hooked(site: Site, **hooks: list[dict[str, Any]]) -> dict[str, Any]:
    labels = {f"orchestrate.{kind}": json.dumps(some) for kind, some in hooks.items()}
    return site.start(NAME, labels={**LABELS, **labels})


def test_hooks_run_inside_in_their_order(site: Site, client: docker.DockerClient) -> None:
    first = hook(WORKS, working_dir="/www", environment={"WORD": "hello"})
    action = hooked(site, post_start=[first, hook(["rm", "/www/index.html"])])

    answer = site.replicas(action)

    assert answer["results"][0]["detail"] == "created, started, hooks run, registered"
    ended = run_inside(client.containers.get(NAME), ["sh", "-c", "cat /www/hooks; ls /www"])
    assert ended.out.decode() == "hello from /www\nhooks\n"


def test_they_do_not_run_again_where_all_is_well(site: Site) -> None:
    action = hooked(site, post_start=[hook(["mkdir", "/www/once"])])
    site.replicas(action)

    assert site.replicas(action)["changed"] is False


def test_one_that_fails_lets_nobody_in_and_is_tried_again_with_the_next_start(site: Site) -> None:
    says = hook(["sh", "-c", "echo told $WORD; exit 3"], environment={"WORD": "hunter2"})
    action = hooked(site, post_start=[says])

    for _ in range(2):
        answer = site.replicas(action)

        assert answer["msg"] == f"replica {NAME}: post_start[0] ended with code 3: told ***"
        assert site.seen(NAME)["state"] == "exited"
        assert site.registered(NAME) == {}


def test_what_was_interrupted_in_its_hooks_has_them_run(
    site: Site, client: docker.DockerClient
) -> None:
    action = hooked(site, post_start=[hook(["touch", "/www/warm"])])
    site.replicas(action)
    run_inside(client.containers.get(NAME), ["rm", "/www/warm"], user="0")
    site.replicas({"action": "deregister", "id": NAME})

    answer = site.replicas(action)

    assert answer["results"][0]["detail"] == "hooks run, registered"
    assert run_inside(client.containers.get(NAME), ["ls", "/www/warm"]).code == 0


@pytest.mark.parametrize(
    ("code", "said"),
    [
        pytest.param(0, "hooks run", id="well"),
        pytest.param(4, "pre_stop[0] ended with code 4: no output", id="badly"),
    ],
)
def test_it_says_good_bye_and_is_stopped_either_way(site: Site, code: int, said: str) -> None:
    site.replicas(hooked(site, pre_stop=[hook(["sh", "-c", f"exit {code}"])]))

    answer = site.replicas(stop(NAME))

    assert answer["results"][0]["detail"] == f"{said}, stopped, removed, deregistered"
    assert site.seen(NAME) == {}
