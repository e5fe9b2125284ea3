# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until nobody is connected to a replica any more.

The connections are read where the container has them: in its own network namespace, through its
first process.
"""

from __future__ import annotations

from ansible_collections.orchestrate.cluster.plugins.module_utils._until import until

_ESTABLISHED = "01"
_POLL_S = 0.1


def drain(pid: int, port: int, timeout_s: float) -> int:
    """Wait for the last connection to end; returns how many are left when the time is over."""
    return until(
        lambda: connections(pid, port),
        lambda left: not left,
        within_s=timeout_s,
        poll_s=_POLL_S,
    )


def connections(pid: int, port: int) -> int:
    return sum(count(_read(f"/proc/{pid}/net/{table}"), port) for table in ("tcp", "tcp6"))


def count(table: str, port: int) -> int:
    rows = (line.split() for line in table.splitlines()[1:])
    return sum(row[3] == _ESTABLISHED and _local_port(row) == port for row in rows)


def _local_port(row: list[str]) -> int:
    return int(row[1].rpartition(":")[2], 16)


def _read(path: str) -> str:
    try:
        with open(path, encoding="ascii") as file:
            return file.read()
    except OSError:
        return ""  # the process is gone, and its connections with it
