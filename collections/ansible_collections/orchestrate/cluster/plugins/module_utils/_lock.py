# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One worker at a time on a node.

A controller that was killed leaves its last module at work; the next controller's must not work
beside it.
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import Iterator, TextIO

from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._until import until

_PATIENCE_S = 300.0
_POLL_S = 0.2


@contextmanager
def sole_worker(path: str, timeout_s: float = _PATIENCE_S) -> Iterator[None]:
    with _opened(path) as file:
        if not until(
            lambda: _is_locked_now(file.fileno()), bool, within_s=timeout_s, poll_s=_POLL_S
        ):
            raise ActionError(
                f"another run of this module has been at work on this node for more than {timeout_s:g} s: "
                f"`fuser {path}` names its process"
            )
        yield


def _opened(path: str) -> TextIO:
    try:
        return open(path, "w", encoding="utf-8")
    except OSError as error:
        raise ActionError(
            f"{path} cannot be written ({error.strerror}): run `orchestrate provision` for this node, "
            "and this module as root"
        ) from error


def _is_locked_now(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
