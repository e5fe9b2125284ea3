# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of Docker's daemon. They may hold a password, of a proxy say, so no value leaves the host."""

from __future__ import annotations

import hashlib
import json

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError

SETTINGS = "/etc/docker/daemon.json"


def settings_at(path: str) -> dict:
    """Return what the file says; nothing where it is missing or empty. ActionError: it is broken."""
    try:
        with open(path, "rb") as file:
            text = file.read()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ActionError(f"{path} cannot be read: {error.strerror}") from error
    return _read(path, text) if text.strip() else {}


def sums_of(settings: dict) -> dict[str, str]:
    """By key, the SHA-256 of the value: as Ansible's filters to_json(sort_keys=true) and hash give it."""
    return {
        key: hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
        for key, value in settings.items()
    }


def _read(path: str, text: bytes) -> dict:
    try:
        found = json.loads(text)
    except ValueError as error:  # its words name a place, or a byte, and no text
        raise ActionError(f"{path}: no JSON: {error}; mend it by hand") from error
    if not isinstance(found, dict):
        raise ActionError(f"{path}: expected an object of settings; mend it by hand")
    return found
