"""What cannot be done says where, why and what to do, and shows no value of the environment."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.modules.consul_agent import Agent
from tests.contract.modules.site import LABELS, NETWORK, PROJECT, Site, registration, stop
from tests.until import until

pytestmark = pytest.mark.contract

WEB = f"{PROJECT}-web-1-r1"
SECRET = "correct horse"
SAY_AND_END = ["-c", f"for i in 1 2 3 4 5 6 7 8 9 10 11; do echo $i {SECRET}; done; exit 3"]
PROBE = {
    "test": ["CMD-SHELL", "echo no luck; exit 4"],
    "interval_s": 0.5,
    "timeout_s": 1,
    "retries": 1,
}


def message(answer: dict[str, Any]) -> str:
    assert answer["failed"]
    assert "Traceback" not in str(answer)
    return str(answer["msg"])


def test_one_that_ends_shows_its_code_and_its_last_words(site: Site) -> None:
    ending: dict[str, Any] = {
        "entrypoint": ["/bin/sh"],
        "command": SAY_AND_END,
        "environment": {"PASSWORD": SECRET},
        "restart": "no",
    }

    answer = site.replicas(site.start(WEB, **ending))

    said = [f"  {number} ***" for number in range(2, 12)]
    first, *log = message(answer).splitlines()
    assert first == f"replica {WEB}: exited with code 3; its last log lines:"
    assert log == said
    assert SECRET not in str(answer)
    assert site.registered(WEB)["status"] == "critical"


def test_one_that_ends_again_and_again_shows_its_code(site: Site) -> None:
    answer = site.replicas(site.start(WEB, entrypoint=["/bin/sh", "-c", "sleep 0.1; exit 4"]))

    assert message(answer).startswith(f"replica {WEB}: exited with code 4; it logged nothing")


def test_one_that_is_unhealthy_shows_its_last_probe(site: Site) -> None:
    answer = site.replicas(site.start(WEB, kind="engine", healthcheck=PROBE))

    assert message(answer).startswith(
        f"replica {WEB}: unhealthy: last probe ended with 4: no luck; it logged nothing"
    )


def test_one_that_does_not_serve_in_time_shows_what_consul_says(site: Site) -> None:
    idle: dict[str, Any] = {
        "entrypoint": ["/bin/sh"],
        "command": ["-c", "echo idle; exec sleep 60"],
    }

    answer = site.replicas(site.start(WEB, deadline_s=2, healthcheck={"test": ["NONE"]}, **idle))

    assert message(answer) == (
        f"replica {WEB}: not healthy within 2 s (Consul says critical: "
        f"dial tcp 198.19.200.2:8000: connect: connection refused); its last log lines:\n  idle"
    )


SERVES_UNTIL_TOLD = (
    "trap 'exit 3' TERM; trap 'kill $server' USR1; "
    "busybox httpd -f -p 8000 -h /www & server=$!; while :; do sleep 60 & wait $!; done"
)


@pytest.mark.parametrize(
    ("signal", "expected"),
    [
        pytest.param("TERM", "exited with code 3", id="ends"),
        pytest.param(
            "USR1",
            "Consul says critical: dial tcp 198.19.200.2:8000: connect: connection refused",
            id="serves-no-more",
        ),
    ],
)
def test_one_that_does_not_stay_healthy_says_why(site: Site, signal: str, expected: str) -> None:
    short_lived: dict[str, Any] = {
        "entrypoint": ["/bin/sh"],
        "command": ["-c", SERVES_UNTIL_TOLD],
        "healthcheck": {"test": ["NONE"]},
        "restart": "no",
    }

    with site.launch(site.start(WEB, monitor_s=60, **short_lived)) as call:
        until(lambda: site.registered(WEB).get("status") == "passing", "it is passing")
        site.client.containers.get(WEB).kill(signal)
        answer = call.answer()

    assert message(answer).startswith(f"replica {WEB}: did not stay healthy for 60 s: {expected}")


def test_the_others_of_its_group_are_told_apart(site: Site) -> None:
    bad = site.start(f"{WEB}-bad", entrypoint=["/bin/false"])

    answer = site.replicas(bad, site.start(WEB), stop(WEB))

    assert "exited with code 1" in message(answer)
    assert [result["detail"] for result in answer["results"]][1:] == [
        "created, started, registered"
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"image": "nowhere:1"}, f"{WEB}: the image nowhere:1 is not on this node: pull it first"),
        (
            {"network": "nowhere"},
            f"{WEB}: this node has no network 'nowhere': run `orchestrate provision`",
        ),
        (
            {"mounts": [{"type": "bind", "source": "/no/such", "target": "/x"}]},
            (
                f"{WEB}: /no/such (mounted at /x) does not exist on this node: create it there, "
                "let it be created (bind.create_host_path), or place the service elsewhere"
            ),
        ),
        (
            {"mounts": [{"type": "volume", "source": "no-such", "target": "/x"}]},
            f"{WEB}: the volume no-such (mounted at /x) does not exist on this node",
        ),
        (
            {"entrypoint": ["/no/such"]},
            "the Docker Engine refuses: failed to create shim task: OCI runtime create failed",
        ),
    ],
    ids=["image", "network", "bind", "volume", "program"],
)
def test_what_is_missing_is_named(site: Site, changes: dict[str, Any], expected: str) -> None:
    assert message(site.replicas(site.start(WEB, **changes))).startswith(expected)


def test_what_is_not_ours_is_left_alone(site: Site, agent: Agent) -> None:
    foreign = site.client.containers.run(site.image, name=WEB, detach=True, network=NETWORK)
    foreign.reload()
    before = foreign.attrs["State"]["StartedAt"]

    started, stopped = site.replicas(site.start(WEB)), site.replicas(stop(WEB))

    assert "does not carry our labels; it is left alone" in message(started)
    assert "does not carry our labels; it is left alone" in message(stopped)
    foreign.reload()
    assert (foreign.status, foreign.attrs["State"]["StartedAt"]) == ("running", before)
    assert WEB not in agent.ask("/v1/agent/services")


def test_a_container_of_other_labels_is_not_taken_for_the_wanted_one(site: Site) -> None:
    site.replicas(site.start(WEB))

    other = site.start(WEB, labels={**LABELS, "orchestrate.revision": "r2"})

    assert message(site.replicas(other)) == (
        f"{WEB}: a container of this name is here with other labels (orchestrate.revision): stop it first"
    )


def test_a_foreign_service_is_left_alone(site: Site, agent: Agent) -> None:
    (agent.services / "foreign.json").write_text(
        f'{{"service": {{"id": "{WEB}", "name": "theirs"}}}}'
    )
    agent.ask("/v1/agent/reload", "PUT")

    answers = [
        site.replicas(action)
        for action in (site.start(WEB), stop(WEB), {"action": "deregister", "id": WEB})
    ]

    assert all("orchestrate did not register; it is left alone" in message(a) for a in answers)
    assert agent.ask("/v1/agent/services")[WEB]["Service"] == "theirs"
    assert site.seen(WEB) == {}


def test_a_foreign_volume_is_left_alone(site: Site) -> None:
    name = f"{PROJECT}-foreign"
    volume = site.client.volumes.create(name)
    mount = {"type": "volume", "source": name, "target": "/x"}

    mounted = site.replicas(
        site.start(WEB, mounts=[mount], volumes=[{"name": name, "labels": LABELS}])
    )
    removed = site.replicas({"action": "remove_volume", "name": name})

    assert f"the volume {name} exists and belongs to something else" in message(mounted)
    assert "it is left alone" in message(removed)
    volume.remove()


def test_a_file_that_breaks_consuls_configuration_is_named(site: Site, agent: Agent) -> None:
    broken = agent.services / "broken.json"
    broken.write_text("{")

    text = message(site.replicas(site.start(WEB)))

    broken.unlink()
    assert "refuses PUT /v1/agent/reload" in text
    assert str(broken) in text


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "other"}, "actions[0].registration.id: write the name of the container, 'other'"),
        (
            {"registration": {**registration(WEB), "port": 0}},
            "actions[0].registration.port: a check",
        ),
        (
            {"registration": {**registration(WEB), "meta": {}}},
            "actions[0].registration.meta: project, revision, service, slot must be given",
        ),
        ({"config": {"image": "x", "labels": {}}}, "actions[0].config.labels: com.docker.compose"),
        (
            {"config": {"image": "x", "labels": LABELS, "restart": "often"}},
            "actions[0].config.restart: 'often' is none of no, always, unless-stopped, on-failure[:N]",
        ),
        (
            {"config": {"image": "x", "labels": LABELS, "environment": {"ON": True}}},
            "actions[0].config.environment.ON: this is no text: put the value in quotes",
        ),
        ({"action": "begin"}, "value of action must be one of: pull, start, stop, register"),
        ({"config": None}, "actions[0].config: the action start needs it"),
        ({"config": {"image": "x", "colour": "red"}}, "Unsupported parameters"),
    ],
    ids=["name", "port", "meta", "labels", "restart", "text", "action", "config", "unknown"],
)
def test_bad_arguments_are_refused_before_anything_is_done(
    site: Site, change: dict[str, Any], expected: str
) -> None:
    good = site.start(f"{WEB}-good")

    answer = site.replicas({**site.start(WEB), **change}, good)

    assert expected in message(answer)
    assert answer.get("changed", False) is False
    assert site.look()["containers"] == []
