"""The contract tests hold every attribute that shapes a container against what the engine shows of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from tests.compose_keys import known_keys
from tests.contract.modules.attributes import ROWS

SERVICE = "services.*"
KEYS = {key.path: key for key in known_keys() if key.path.startswith(f"{SERVICE}.")}
_CONTROLLER = "decides where, when and in which order replicas run, and is not on a container"
ELSEWHERE = {
    **dict.fromkeys(
        (
            "depends_on",
            "deploy.endpoint_mode",
            "deploy.labels",
            "deploy.mode",
            "deploy.placement",
            "deploy.replicas",
            "deploy.resources.reservations.generic_resources",
            "deploy.restart_policy.delay",
            "deploy.restart_policy.window",
            "deploy.rollback_config",
            "deploy.update_config",
            "env_file",
            "extends",
            "label_file",
            "links",
            "platform",
            "profiles",
            "pull_policy",
            "scale",
            "x-budget",
            "x-ingress",
            "x-priority",
        ),
        _CONTROLLER,
    ),
    "configs": "test_placed_files.py",
    "container_name": "test_aliases.py, as an alias",
    "environment": "test_round_trip.py, with what the image has",
    "image": "every row has one",
    "networks": "test_aliases.py; e2e/test_isolation.py",
    "post_start": "test_hooks.py",
    "pre_stop": "test_hooks.py",
    "secrets": "test_placed_files.py",
    "volumes.bind.create_host_path": "test_mounts.py",
}
"""Keys that the table does not have, and where they are held against what there is."""


def used(path: str, value: Any) -> Iterator[str]:
    """The keys that a piece of a file uses, in the words of the page: `*` for what a person named."""
    match value:
        case dict():
            for name, inner in value.items():
                place = f"{path}.{name}" if f"{path}.{name}" in KEYS else f"{path}.*"
                yield place
                yield from used(place, inner)
        case list():
            for inner in value:
                yield from used(path, inner)
        case _:
            return


def supported() -> set[str]:
    """The keys that hold no further ones."""
    above = {path.rpartition(".")[0].removesuffix(".*") for path in KEYS}
    return {path for path, key in KEYS.items() if key.status == "supported"} - above


def in_table() -> set[str]:
    texts = (yaml.load(row.text, yaml.BaseLoader) for row in ROWS.values())
    return {path for text in texts for path in used(SERVICE, text)}


def is_elsewhere(path: str) -> bool:
    return any(f"{path}.".startswith(f"{SERVICE}.{name}.") for name in ELSEWHERE)


def test_every_attribute_is_in_the_table_or_elsewhere() -> None:
    missing = supported() - in_table()

    assert sorted(path for path in missing if not is_elsewhere(path)) == []


def test_nothing_is_elsewhere_that_is_in_the_table() -> None:
    names = {f"{SERVICE}.{name}" for name in ELSEWHERE}

    assert sorted(names & in_table()) == []
    assert sorted(names - KEYS.keys()) == []
