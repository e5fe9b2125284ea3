# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether packages are being installed: a controller that was killed leaves its package manager at work."""

from __future__ import annotations

import fcntl
import os
import struct

from ansible_collections.orchestrate.cluster.plugins.module_utils._until import until

LOCK = "/var/lib/dpkg/lock-frontend"
_PATIENCE_S = 300.0
_POLL_S = 0.5
_FLOCK = "hhqqi"  # struct flock: type, whence, start, length, process


def await_packages(path: str = LOCK, timeout_s: float = _PATIENCE_S) -> None:
    """Wait until whoever installs packages is done, unless that takes too long."""
    until(lambda: is_held(path), lambda held: not held, within_s=timeout_s, poll_s=_POLL_S)


def is_held(path: str) -> bool:
    """Asked without taking it: the package manager would not wait for us."""
    wanted = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
    try:
        with open(path, "rb") as file:
            found = fcntl.fcntl(file, fcntl.F_GETLK, wanted)
    except OSError:
        return False
    return struct.unpack(_FLOCK, found)[0] != fcntl.F_UNLCK
