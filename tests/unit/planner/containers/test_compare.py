"""A wanted configuration, laid over its image, and what the engine shows."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrate.model.spec.lifecycle import Healthcheck, Hook
from orchestrate.planner.containers.compare import Pattern, differences
from orchestrate.planner.containers.replica import slot_labels
from tests.builders import as_engine_shows, mounted, published, replica

IMAGE: dict[str, Any] = {
    "environment": {"PATH": "/bin", "MODE": "image"},
    "labels": {"maintainer": "them"},
    "command": ["serve"],
    "entrypoint": ["/init"],
    "user": "app",
    "healthcheck": {"test": ["CMD", "true"], "interval_s": 5},
    "expose": [80],
    "volumes": ["/cache", "/data"],
}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="all-from-the-image"),
        pytest.param({"environment": {"MODE": "ours", "MORE": "1"}}, id="environment-over-image"),
        pytest.param({"labels": {"maintainer": "us"}}, id="labels-over-image"),
        pytest.param({"user": "root"}, id="user"),
        pytest.param({"command": ("other",)}, id="command"),
        pytest.param({"command": ()}, id="command-empty-on-purpose"),
        pytest.param({"entrypoint": ("/own",)}, id="entrypoint-drops-the-command-of-the-image"),
        pytest.param({"entrypoint": ("/own",), "command": ("x",)}, id="entrypoint-and-command"),
        pytest.param({"entrypoint": ()}, id="entrypoint-empty"),
        pytest.param({"entrypoint": (), "command": ("x",)}, id="entrypoint-empty-and-command"),
        pytest.param({"entrypoint": (), "command": ()}, id="both-empty"),
        pytest.param({"expose": (8000,)}, id="expose-beside-image"),
        pytest.param({"ports": published(8080)}, id="published"),
        pytest.param({"mounts": mounted()}, id="mount-where-the-image-declares-one"),
        pytest.param({"healthcheck": Healthcheck(test=("CMD", "x"))}, id="healthcheck"),
        pytest.param({"healthcheck": Healthcheck(test=("NONE",))}, id="healthcheck-switched-off"),
        pytest.param({"attributes": {"init": False, "cap_add": ["KILL"]}}, id="attributes"),
    ],
)
@pytest.mark.parametrize("image", [pytest.param(IMAGE, id="of-much"), pytest.param({}, id="bare")])
def test_what_was_just_made_does_not_differ(fields: dict[str, Any], image: dict[str, Any]) -> None:
    wanted = replica(**fields).config

    assert differences(wanted, as_engine_shows(wanted, image), image) == ()


@pytest.mark.parametrize(
    ("by_hand", "said"),
    [
        pytest.param(
            {"image": "web:9"}, ['image: "web:9" -> "registry.lab:5000/web:1"'], id="image"
        ),
        pytest.param({"command": ["sh"]}, ["command: sh -> serve"], id="command"),
        pytest.param({"command": None}, ["command: (none) -> serve"], id="no-command"),
        pytest.param({"entrypoint": None}, ["entrypoint: (none) -> /init"], id="entrypoint"),
        pytest.param({"user": ""}, ['user: "" -> "app"'], id="user"),
        pytest.param({"memory": 5}, ["memory: 5 -> 0"], id="memory"),
        pytest.param({"cpus": 0.5}, ["cpus: 0.5 -> 0"], id="cpus"),
        pytest.param({"pids": 9}, ["pids: 9 -> 0"], id="pids"),
        pytest.param({"expose": []}, ["expose: (none) -> 80"], id="expose"),
        pytest.param(
            {"network": "bridge,orchestrate"},
            ['network: "bridge,orchestrate" -> "orchestrate"'],
            id="network",
        ),
        pytest.param({"dns": ["9.9.9.9"]}, ["dns: 9.9.9.9 -> (none)"], id="dns"),
        pytest.param({"restart": "no"}, ['restart: "no" -> "unless-stopped"'], id="restart"),
        pytest.param({"stop_grace_s": 1.0}, ["stop_grace_s: 1.0 -> 10"], id="grace"),
        pytest.param(
            {"healthcheck": None},
            ["healthcheck: (none) -> test=['CMD', 'true'], interval_s=5"],
            id="no-healthcheck",
        ),
        pytest.param(
            {"healthcheck": {"test": ["CMD", "true"], "interval_s": 9}},
            ["healthcheck.interval_s: 9 -> 5"],
            id="healthcheck",
        ),
        pytest.param(
            {"environment": {"PATH": "/bin"}},
            ['environment.MODE: (none) -> "image"'],
            id="variable-gone",
        ),
        pytest.param(
            {"labels": {}},
            ['labels.com.docker.compose.container-number: (none) -> "1"'],
            id="labels-gone",
        ),
        pytest.param(
            {"mounts": [{"type": "volume", "source": "", "target": "/more", "read_only": False}]},
            ["mounts: type=volume, target=/more -> (none)"],
            id="mount",
        ),
        pytest.param(
            {"ports": [{"target": 80, "published": 80, "protocol": "tcp", "host_ip": ""}]},
            ["ports: target=80, published=80, protocol=tcp -> (none)"],
            id="ports",
        ),
    ],
)
def test_what_was_changed_by_hand_is_named(by_hand: dict[str, Any], said: list[str]) -> None:
    wanted = replica().config
    seen = as_engine_shows(wanted, IMAGE) | by_hand

    found = [str(one) for one in differences(wanted, seen, IMAGE)]

    assert found[: len(said)] == said


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        pytest.param("DB_PASSWORD", "hunter2", id="password"),
        pytest.param("api_token", "hunter2", id="lower-case"),
        pytest.param("AWS_SECRET_ACCESS_KEY", "hunter2", id="secret"),
        pytest.param("DATABASE", "postgres://app:hunter2@db/app", id="url"),
    ],
)
def test_secrets_stay_hidden(variable: str, value: str) -> None:
    wanted = replica(environment={variable: value}).config
    seen = as_engine_shows(wanted, {}) | {"environment": {variable: f"{value}old"}}

    (found,) = differences(wanted, seen)

    assert str(found) == f"environment.{variable}: (hidden) -> (hidden)"


def test_a_secret_that_is_not_there_is_said_to_be_none() -> None:
    wanted = replica(environment={"DB_PASSWORD": "hunter2"}).config
    seen = as_engine_shows(wanted, {}) | {"environment": {}}

    (found,) = differences(wanted, seen)

    assert str(found) == "environment.DB_PASSWORD: (none) -> (hidden)"


@pytest.mark.parametrize(
    ("test", "wanted_s", "seen_s", "differs"),
    [
        pytest.param(("CMD", "x"), 0, 4, False, id="that-of-the-image"),
        pytest.param(("CMD", "x"), 9, 9, False, id="its-own"),
        pytest.param(("CMD", "x"), 9, 4, True, id="another"),
        pytest.param(("NONE",), 0, 7, False, id="of-one-that-is-off"),
    ],
)
def test_a_start_period(
    test: tuple[str, ...], wanted_s: float, seen_s: float, *, differs: bool
) -> None:
    image = {"healthcheck": {"test": ["CMD", "true"], "start_period_s": 4}}
    wanted = replica(healthcheck=Healthcheck(test=test, start_period_s=wanted_s)).config
    seen = {**wanted, "healthcheck": {**wanted["healthcheck"], "start_period_s": seen_s}}

    assert bool(differences(wanted, seen, image)) is differs


@pytest.mark.parametrize(
    ("seen", "differs"),
    [(None, False), ("02:42:ac:11:65:43", False), ("02:42:ac:11:65:99", True)],
    ids=["not-told", "its-own", "another"],
)
def test_a_hardware_address(seen: str | None, *, differs: bool) -> None:
    wanted = replica(attributes={"mac_address": "02:42:ac:11:65:43"}).config

    assert bool(differences(wanted, {**wanted, "mac_address": seen})) is differs


def test_a_pattern_is_held_against_one_image_after_the_other() -> None:
    wanted = replica().config
    pattern, labels = Pattern(wanted), slot_labels(1)
    own = {**IMAGE, "volumes": []}

    for image in ({}, own, {}):
        assert pattern.fits(as_engine_shows(wanted, image), labels, image)
    assert not pattern.fits(as_engine_shows(wanted, own), labels)


@pytest.mark.parametrize("lacking", ["memory", "labels"])
def test_what_lacks_a_field_fits_no_pattern(lacking: str) -> None:
    wanted = replica().config
    seen = {name: value for name, value in wanted.items() if name != lacking}

    assert not Pattern(wanted).fits(seen, slot_labels(1))


def test_the_engine_may_add_to_the_options_of_a_log() -> None:
    wanted = replica(attributes={"log_options": {"max-size": "10m"}}).config
    seen = {**as_engine_shows(wanted, {}), "log_options": {"max-size": "10m", "max-file": "5"}}

    assert differences(wanted, seen) == ()


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        pytest.param({"hostname": "other"}, 'hostname: "other" -> "web"', id="another"),
        pytest.param({"hostname": None}, 'hostname: (none) -> "web"', id="none"),
    ],
)
def test_an_attribute_that_is_not_there_differs(seen: dict[str, Any], said: str) -> None:
    wanted = replica(attributes={"hostname": "web"}).config

    assert [str(one) for one in differences(wanted, {**wanted, **seen})] == [said]


def test_what_a_hook_is_told_stays_hidden() -> None:
    wanted = replica(post_start=(Hook(command=("warm",), environment={"A": "hunter2"}),)).config
    seen = {**wanted, "labels": replica().config["labels"]}

    assert [str(one) for one in differences(wanted, seen)] == [
        "labels.orchestrate.post_start: (none) -> (hidden)"
    ]
