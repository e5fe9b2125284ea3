# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Giving HAProxy a configuration: checked by itself, in place whole, reloaded only for what has changed.

The record is written last. A call that ends before it leaves one that differs, so that the next one reloads.
"""

from __future__ import annotations

import json
import subprocess
from typing import NamedTuple

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._units import units
from ansible_collections.orchestrate.cluster.plugins.module_utils._written import (
    text_at,
    write_whole,
    written_aside,
)

_UNIT = "haproxy.service"
_WITHIN_S = 60


class Place(NamedTuple):
    """Where the configuration and the record of it are."""

    configuration: str
    record: str


class Proxy(NamedTuple):
    """What a proxy has, or is to have: its configuration, and the record of it, as text."""

    configuration: str | None
    record: str | None


def found(place: Place) -> Proxy:
    return Proxy(text_at(place.configuration), text_at(place.record))


def wanted(configuration: str, record: dict) -> Proxy:
    return Proxy(configuration, json.dumps(record, indent=4, sort_keys=True) + "\n")


def missing(before: Proxy, after: Proxy) -> list[str]:
    """Return what has to be done, in order."""
    tasks = []
    if before.configuration != after.configuration:
        tasks.append("write")
    if not units(_UNIT)[_UNIT].is_up:
        tasks.append("start")
    elif before != after:
        tasks.append("reload")
    if before.record != after.record:
        tasks.append("record")
    return tasks


def perform(tasks: list[str], after: Proxy, place: Place) -> None:
    for task in tasks:
        if task == "write":
            _write(after.configuration, place.configuration)
        elif task == "record":
            write_whole(place.record, after.record)
        else:
            _run("systemctl", task, _UNIT, advice=f". {_ADVICE}")


def _write(text: str, path: str) -> None:
    with written_aside(path, text) as aside:
        _run("haproxy", "-c", "-f", aside)


def _run(*command: str, advice: str = "") -> None:
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=_WITHIN_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ActionError(f"{command[0]} cannot be run: {error}. {_ADVICE}") from error
    if ended.returncode:
        said = ended.stderr.strip() or ended.stdout.strip() or f"exit code {ended.returncode}"
        raise ActionError(f"{' '.join(command)} fails: {said.rstrip('.')}{advice}")


_ADVICE = "Run `orchestrate provision` for this node"
