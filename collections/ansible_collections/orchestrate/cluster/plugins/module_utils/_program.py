# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking another program of the node, never for longer than it may take."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import (
    NotRunningError,
    UnavailableError,
)


def output_of(command: list[str], timeout_s: float) -> str:
    """Return what the program prints; an exit code tells something only when it prints nothing."""
    try:
        ended = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
        )
    except FileNotFoundError as error:
        raise NotRunningError(f"{command[0]} is not installed") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(f"{command[0]} does not answer: {error}") from error
    if ended.returncode and not ended.stdout:
        raise UnavailableError(f"{command[0]} fails: {ended.stderr.strip() or 'without a word'}")
    return ended.stdout


def read_record(path: str) -> dict[str, Any] | None:
    """Read what a role wrote down; None when it has written nothing."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UnavailableError(f"{path} cannot be read: {error}") from error
