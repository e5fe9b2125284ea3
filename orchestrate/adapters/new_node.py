"""`add_node` of `orchestrate.yml`: who makes nodes, and what is known of them before they are made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestrate.adapters.ansible.capacity import NEEDED, read_amounts
from orchestrate.errors import SettingsError
from orchestrate.model.node_pool import NewNode

_KEYS = ("playbook", "capacity", "labels", "groups")


def read_new_node(file: Path, value: Any) -> NewNode:
    """SettingsError names the file and the key."""
    place = f"{file}: add_node"
    if not isinstance(value, Mapping) or "playbook" not in value or "capacity" not in value:
        raise SettingsError(
            f"{place}: expected a mapping with playbook and capacity, got {value!r}"
        )
    for key in value:
        if key not in _KEYS:
            raise SettingsError(f"{place}.{key}: unknown key: the keys are {', '.join(_KEYS)}")
    capacity = read_amounts(f"{place}.capacity", value["capacity"])
    for name in NEEDED:
        if name not in capacity:
            raise SettingsError(f"{place}.capacity: {name} is missing: what will a new node have?")
    return NewNode(
        playbook=playbook_of(file, "add_node.playbook", value["playbook"]),
        capacity=capacity,
        labels=_labels(place, value.get("labels") or {}),
        groups=_groups(place, value.get("groups") or []),
    )


def playbook_of(file: Path, key: str, value: Any) -> str:
    """The path is meant from where `orchestrate.yml` is."""
    if not isinstance(value, str) or not value:
        raise SettingsError(f"{file}: {key}: expected the path of a playbook, got {value!r}")
    playbook = file.resolve().parent / value
    if not playbook.is_file():
        raise SettingsError(f"{file}: {key}: {playbook}: no such file")
    return str(playbook)


def _labels(place: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise SettingsError(f"{place}.labels: expected a mapping, got {value!r}")
    return {str(key): str(one) for key, one in value.items()}


def _groups(place: str, value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise SettingsError(f"{place}.groups: expected a list of names, got {value!r}")
    return frozenset(value)
