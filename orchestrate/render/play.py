"""The play of a step: it runs side by side over its hosts, and a failure ends the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Play = dict[str, Any]
LOGINS = {"registry_logins": "{{ registry_logins | default({}) }}"}
"""An argument of the modules that speak to registries; its values are in Ansible's variables only."""


def make_play(
    title: str, hosts: list[str], variables: Mapping[str, Any], task: Mapping[str, Any]
) -> Play:
    return {
        "name": title,
        "hosts": hosts,
        "gather_facts": False,
        "any_errors_fatal": True,
        "vars": dict(variables),
        "tasks": [dict(task)],
    }
