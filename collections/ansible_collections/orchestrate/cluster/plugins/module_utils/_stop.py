# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stopping a replica: out of traffic first, then its last connections, then the container, then
Consul's record.

An interrupted stop is finished by the same call: each part looks whether it is still to be done.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import Iterator

from ansible_collections.orchestrate.cluster.plugins.module_utils._config import stop_grace_s
from ansible_collections.orchestrate.cluster.plugins.module_utils._consul import health_of
from ansible_collections.orchestrate.cluster.plugins.module_utils._container import is_ours
from ansible_collections.orchestrate.cluster.plugins.module_utils._drain import drain
from ansible_collections.orchestrate.cluster.plugins.module_utils._engine import EngineError
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import (
    ActionError,
    NotRunningError,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._hooks import (
    PRE_STOP,
    has_hooks,
    run_hooks,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import Node
from ansible_collections.orchestrate.cluster.plugins.module_utils._result import Result, failure_of
from ansible_collections.orchestrate.cluster.plugins.module_utils._until import until

# What the proxies need, at most, to see that a replica is no longer offered to them.
_SETTLE_S = 1.0
_GONE_WITHIN_S = 30.0
_HOOK_WITHIN_S = 10.0
_POLL_S = 0.1
_RUNNING = frozenset({"running", "paused", "restarting"})
_MISSING = 404


class Stop:
    """One replica on its way down."""

    def __init__(self, action: dict, node: Node) -> None:
        self.action = action
        self.node = node
        self.name: str = action["name"]
        self.container: dict | None = None
        self.done: list[str] = []
        self.failure = ""

    def foresee(self) -> Result:
        return self._result(failure_of(self._foresee))

    def perform(self) -> Result:
        return self._result(failure_of(self._perform))

    def _result(self, failure: str) -> Result:
        was = self.container["State"]["Status"] if self.container else "absent, but registered"
        after = "absent" if self.action["remove"] else "stopped"
        before, after = f"{self.name}: {was}", f"{self.name}: {after}"
        return Result("stop", self.name, tuple(self.done), before, after, failure)

    def _look(self) -> bool:
        """Look at what is there; tells whether Consul knows it."""
        self.container = self.node.engine.container(self.name)
        if self.container and not is_ours(self.container["Config"]["Labels"]):
            raise ActionError(
                f"{self.name}: the container does not carry our labels; it is left alone. Remove it by hand"
            )
        return self.node.catalogue.knows(self.name)

    def _foresee(self) -> None:
        is_known = self._look()
        if self._is_running():
            self.done.append("stopped")
        if self.container and self.action["remove"]:
            self.done.append("removed")
        if is_known:
            self.done.append("deregistered")

    def _perform(self) -> None:
        is_known = self._look()
        if self._is_running():
            self._drain()
            self._stop()
        if self.container and self.action["remove"]:
            self._remove()
        if is_known:
            self.node.catalogue.deregister(self.name)
            self.done.append("deregistered")

    def _is_running(self) -> bool:
        return bool(self.container) and self.container["State"]["Status"] in _RUNNING

    def _drain(self) -> None:
        try:
            service = self.node.consul.services().get(self.name)
        except NotRunningError:
            return  # nobody is sent here by an agent that does not run
        if service is None:
            return
        was_passing = health_of(self.name, self.node.consul.checks()).status == "passing"
        self.node.consul.enter_maintenance(self.name)
        if not self.action["drain_timeout_s"] or not service["Port"]:
            return
        if was_passing:
            time.sleep(_SETTLE_S)
        self._let_go(service["Port"])

    def _let_go(self, port: int) -> None:
        left = drain(self.container["State"]["Pid"], port, self.action["drain_timeout_s"])
        cut = f", {left} connection{'s' if left > 1 else ''} left" if left else ""
        self.done.append(f"drained{cut}")

    def _stop(self) -> None:
        self._run_pre_stop()
        with _gone_is_fine():
            self.node.engine.stop(self.container["Id"], self._grace_s())
        self.done.append("stopped")

    def _run_pre_stop(self) -> None:
        """One that fails is told of and keeps nobody from stopping the container."""
        is_up = self.container["State"]["Status"] == "running"
        if not (is_up and has_hooks(PRE_STOP, self.container)):
            return
        timeout_s = max(self._grace_s(), _HOOK_WITHIN_S)
        failure = failure_of(run_hooks, PRE_STOP, self.container, self.node.engine, timeout_s)
        self.done.append(failure or "hooks run")

    def _grace_s(self) -> int:
        asked = self.action["grace_s"]
        return stop_grace_s(self.container["Config"]) if asked is None else asked

    def _remove(self) -> None:
        with _gone_is_fine():
            self.node.engine.remove(self.container["Id"])
        self._wait_until_gone()
        self.done.append("removed")

    def _wait_until_gone(self) -> None:
        left = until(
            lambda: self.node.engine.container(self.container["Id"]),
            lambda left: left is None,
            within_s=_GONE_WITHIN_S,
            poll_s=_POLL_S,
        )
        if left is not None:
            raise ActionError(
                f"{self.name}: the engine does not get rid of it within {_GONE_WITHIN_S:g} s"
            )


@contextmanager
def _gone_is_fine() -> Iterator[None]:
    """Somebody else may be removing the same container: an earlier run that still works, or a person."""
    try:
        yield
    except EngineError as error:
        if error.status != _MISSING and "in progress" not in str(error):
            raise
