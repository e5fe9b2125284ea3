# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What systemd says of the services that a node runs, in one question for all of them."""

from __future__ import annotations

from typing import NamedTuple

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import UnavailableError
from ansible_collections.orchestrate.cluster.plugins.module_utils._program import output_of

_ANSWER_WITHIN_S = 5.0
_UP = frozenset({"active", "activating", "reloading"})


class Unit(NamedTuple):
    load: str
    active: str
    at_boot: str = ""

    @property
    def is_installed(self) -> bool:
        return self.load not in ("", "not-found")

    @property
    def is_missing(self) -> bool:
        """Systemd knows none. Not the same as that systemd does not answer."""
        return self.load == "not-found"

    @property
    def is_up(self) -> bool:
        return self.active in _UP


def units(*names: str) -> dict[str, Unit]:
    """Ask for all at once; where there is no systemd nothing is installed as a unit."""
    command = ["systemctl", "show", "--property=LoadState,ActiveState,UnitFileState", *names]
    try:
        blocks = output_of(command, _ANSWER_WITHIN_S).strip().split("\n\n")
    except UnavailableError:
        blocks = []
    blocks += [""] * (len(names) - len(blocks))
    return {name: _parse(block) for name, block in zip(names, blocks)}  # noqa: B905 - Python 3.9 on nodes


def sleeps(service: Unit, socket: Unit) -> bool:
    """Tell whether connecting to the socket would start the service; looking must change nothing."""
    return service.is_installed and not service.is_up and socket.is_up


def _parse(block: str) -> Unit:
    fields = dict(line.partition("=")[::2] for line in block.splitlines())
    return Unit(*(fields.get(key, "") for key in ("LoadState", "ActiveState", "UnitFileState")))
