# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting until replicas serve, or have completed, or until it is certain that they will not."""

from __future__ import annotations

import math
import time
from calendar import timegm

from ansible_collections.orchestrate.cluster.plugins.module_utils._consul import Health, health_of
from ansible_collections.orchestrate.cluster.plugins.module_utils._container import (
    health_of as probe_of,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._evidence import (
    last_probe,
    last_words,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._launch import Launch
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import Node
from ansible_collections.orchestrate.cluster.plugins.module_utils._until import until

_POLL_S = 0.2
_CATCH_WITHIN_S = 2.0
_CATCH_POLL_S = 0.05
_ENDED = frozenset({"exited", "dead", "restarting"})
_UNHEALTHY = "unhealthy"


def wait(launches: list[Launch], node: Node) -> None:
    """Wait for all; each is judged by itself, against its own deadline."""
    began = time.monotonic()
    until(
        lambda: _look_at_all(launches, node, began),
        lambda pending: not pending,
        within_s=math.inf,
        poll_s=_POLL_S,
    )


def _look_at_all(launches: list[Launch], node: Node, began: float) -> list[Launch]:
    """Return those that are neither up nor given up."""
    if not (pending := _pending(launches)):
        return []
    checks = node.consul.checks()
    waited_s = time.monotonic() - began
    for launch in pending:
        health = health_of(launch.action["registration"]["id"], checks)
        launch.attempt(_look, node, health, waited_s)
    return _pending(pending)


def _pending(launches: list[Launch]) -> list[Launch]:
    return [launch for launch in launches if not launch.failure and not launch.is_up]


def _look(launch: Launch, node: Node, health: Health, waited_s: float) -> None:
    launch.container = _caught(launch, node)
    if launch.has_completed():
        launch.is_up = True
        return
    reason = judge(launch, health, waited_s)
    if reason:
        raise ActionError(
            f"replica {launch.name}: {reason}; {last_words(node.engine, launch.container)}"
        )


def judge(launch: Launch, health: Health, waited_s: float) -> str:
    """Note whether the replica is up. Return why it will not be, or an empty text."""
    reason = _trouble(launch)
    if not reason and _is_healthy(launch, health):
        launch.is_up = _healthy_s(launch, waited_s) >= launch.action["monitor_s"]
        return ""
    if launch.healthy_after_s is not None:
        within = f"{launch.action['monitor_s']:g} s"
        return f"did not stay healthy for {within}: {reason or _waiting_for(launch, health)}"
    is_late = waited_s >= launch.action["deadline_s"]
    return _too_late(launch, health) if is_late and not reason else reason


def _trouble(launch: Launch) -> str:
    """What is to end may fail and be tried again, for as long as the engine does so."""
    if launch.action["completes"] and is_tried(launch.container):
        return ""
    reason = trouble(launch.container, launch.restarts_before)
    if reason.startswith(_UNHEALTHY) and launch.todo == "unpause":
        return ""  # pausing alone makes it so for the engine; the next probe knows better
    return reason


def is_tried(container: dict) -> bool:
    """Tell whether the engine goes on with it. For the engine all that has ended is unhealthy."""
    status = container["State"]["Status"]
    return status == "restarting" or (status == "running" and probe_of(container) != _UNHEALTHY)


def _caught(launch: Launch, node: Node) -> dict:
    """Inspect it; one that ends again and again while it is down, as only then its code is told."""
    return until(
        lambda: _inspected(launch, node),
        lambda container: launch.action["completes"] or not _is_up_again(launch, container),
        within_s=_CATCH_WITHIN_S,
        poll_s=_CATCH_POLL_S,
    )


def _inspected(launch: Launch, node: Node) -> dict:
    container = node.engine.container(launch.name)
    if container is None:
        raise ActionError(f"replica {launch.name}: was removed by somebody while it started")
    return container


def _is_up_again(launch: Launch, container: dict) -> bool:
    has_restarted = container["RestartCount"] > launch.restarts_before
    return has_restarted and container["State"]["Status"] not in _ENDED


def trouble(container: dict, restarts_before: int) -> str:
    """Name what tells that the replica will not come up by itself; empty when there is hope."""
    state = container["State"]
    restarts = container["RestartCount"] - restarts_before
    if state["Status"] in _ENDED:
        return f"exited with code {state['ExitCode']}{_reason(state)}"
    if restarts > 0:
        return f"does not stay up: restarted {restarts} times"
    if probe_of(container) == "unhealthy":
        return f"{_UNHEALTHY}: {last_probe(container)}"
    return ""


def running_s(container: dict, now: float) -> float:
    started = container["State"]["StartedAt"].rstrip("Z")
    whole = timegm(time.strptime(started[:19], "%Y-%m-%dT%H:%M:%S"))
    return now - whole - float("0" + started[19:])


def _is_healthy(launch: Launch, health: Health) -> bool:
    if launch.action["completes"] and not launch.action["unattended"]:
        return False
    return _has_no_check(launch) or health.status == "passing"


def _healthy_s(launch: Launch, waited_s: float) -> float:
    """Return for how long it has been healthy. What has no check is healthy while it runs."""
    if launch.healthy_after_s is None:
        launch.healthy_after_s = waited_s
    if _has_no_check(launch):
        return running_s(launch.container, time.time())
    return waited_s - launch.healthy_after_s


def _has_no_check(launch: Launch) -> bool:
    return launch.registration["check"]["kind"] == "none"


def _too_late(launch: Launch, health: Health) -> str:
    within = f"within {launch.action['deadline_s']:g} s"
    if launch.action["completes"]:
        return f"has not completed {within}"
    return f"not healthy {within} ({_waiting_for(launch, health)})"


def _waiting_for(launch: Launch, health: Health) -> str:
    if probe_of(launch.container) == "starting":
        return f"its healthcheck is still starting: {last_probe(launch.container)}"
    return f"Consul says {health.status}: {health.output.strip() or 'nothing more'}"


def _reason(state: dict) -> str:
    if state.get("OOMKilled"):
        return ": it used more memory than its limit allows"
    return f" ({state['Error']})" if state.get("Error") else ""
