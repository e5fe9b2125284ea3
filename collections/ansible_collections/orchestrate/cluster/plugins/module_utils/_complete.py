# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible's own validation cannot say of the arguments of `replicas`; said before anything is
done.
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Any

from ansible_collections.orchestrate.cluster.plugins.module_utils._arguments import NEEDS
from ansible_collections.orchestrate.cluster.plugins.module_utils._attributes import NAMED
from ansible_collections.orchestrate.cluster.plugins.module_utils._consul import OWNER_META
from ansible_collections.orchestrate.cluster.plugins.module_utils._container import OWNER_LABELS
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._files import File

_MODE = re.compile(r"0?[0-7]{3}")
_RESTART = re.compile(r"no|always|unless-stopped|on-failure(:[0-9]+)?")


def completed(actions: list[dict]) -> list[dict]:
    """Give every action a name and every dict the texts that engine and Consul want."""
    return [_completed(f"actions[{index}]", action) for index, action in enumerate(actions)]


def _completed(place: str, action: dict) -> dict:
    action = dict(action)
    for needed in NEEDS[action["action"]]:
        # Ansible's own `required_if` takes a null in a suboption for a value.
        if action[needed] is None:
            raise ActionError(f"{place}.{needed}: the action {action['action']} needs it")
    if action["registration"]:
        action["registration"] = _registration(f"{place}.registration", action["registration"])
    if action["config"]:
        action["config"] = _config(f"{place}.config", action["config"])
        action["volumes"] = [_volume(f"{place}.volumes", volume) for volume in action["volumes"]]
        action["files"] = [_file(f"{place}.files", file) for file in action["files"]]
    action["name"] = (
        action["name"] or action["image"] or action["id"] or action["registration"]["id"]
    )
    if action["action"] == "start" and action["name"] != action["registration"]["id"]:
        raise ActionError(
            f"{place}.registration.id: write the name of the container, {action['name']!r}"
        )
    return action


def _config(place: str, config: dict) -> dict:
    labels = _texts(f"{place}.labels", config["labels"])
    _require(f"{place}.labels", OWNER_LABELS, labels)
    if not _RESTART.fullmatch(config["restart"]):
        raise ActionError(
            f"{place}.restart: {config['restart']!r} is none of no, always, unless-stopped, on-failure[:N]"
        )
    texts = {
        name: _texts(f"{place}.{name}", config[name])
        for name in ("environment", *NAMED)
        if config.get(name)
    }
    return {**config, "labels": labels, **texts}


def _registration(place: str, registration: dict) -> dict:
    meta = _texts(f"{place}.meta", registration["meta"])
    _require(f"{place}.meta", OWNER_META, meta)
    if registration["check"]["kind"] == "tcp" and not registration["port"]:
        raise ActionError(f"{place}.port: a check of kind tcp needs one")
    return {**registration, "meta": meta}


def _volume(place: str, volume: dict) -> dict:
    return {**volume, "labels": _texts(f"{place}.{volume['name']}.labels", volume["labels"])}


def _file(place: str, file: dict) -> File:
    """A mode that was not written as a text would have been read as another number."""
    if not _MODE.fullmatch(file["mode"]):
        raise ActionError(f"{place}.mode: {file['mode']!r} is no mode such as '0444'")
    try:
        content = b64decode(file["content"], validate=True)
    except ValueError:
        raise ActionError(f"{place}.content: this is not Base64") from None
    return File(file["target"], content, file["uid"], file["gid"], int(file["mode"], 8))


def _require(place: str, names: frozenset[str], values: dict[str, str]) -> None:
    missing = sorted(names - values.keys())
    if missing:
        raise ActionError(f"{place}: {', '.join(missing)} must be given: they say whose it is")


def _texts(place: str, values: dict[str, Any]) -> dict[str, str]:
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise ActionError(f"{place}.{name}: this is no text: put the value in quotes")
    return {name: str(value) for name, value in values.items()}
