# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting replicas that stand next to each other: made and started first, registered with one
reload, then awaited together, so that many cost about one wait.
"""

from __future__ import annotations

from typing import Iterator

from ansible_collections.orchestrate.cluster.plugins.module_utils._config import stop_grace_s
from ansible_collections.orchestrate.cluster.plugins.module_utils._create import (
    create,
    decide,
    foresee_files,
    place_files,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._hooks import (
    POST_START,
    has_hooks,
    run_hooks,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._launch import Launch
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import Node
from ansible_collections.orchestrate.cluster.plugins.module_utils._parallel import each
from ansible_collections.orchestrate.cluster.plugins.module_utils._result import Result, failure_of
from ansible_collections.orchestrate.cluster.plugins.module_utils._wait import wait

_AT_ONCE = 4
_FORESEEN = {
    "create": ["created", "started"],
    "recreate": ["created anew", "started"],
    "start": ["started"],
    "unpause": ["unpaused"],
    "": [],
}


def start_all(actions: list[dict], node: Node) -> list[Result]:
    launches = [Launch(action) for action in actions]
    each(lambda launch: launch.attempt(_run, node), _created(launches, node), _AT_ONCE)
    started = [launch for launch in launches if not launch.failure]
    failure = failure_of(_register, started, node) or failure_of(wait, started, node)
    for launch in started:
        launch.failure = launch.failure or failure
    return [launch.result() for launch in launches]


def foresee_start(action: dict, node: Node) -> Result:
    launch = Launch(action)
    launch.attempt(decide, node)
    launch.attempt(foresee_files, node)
    launch.attempt(_foresee, node)
    return launch.result()


def _created(launches: list[Launch], node: Node) -> Iterator[Launch]:
    """Make one after the other, since each takes the lowest free address; the first run already."""
    for launch in launches:
        launch.attempt(decide, node)
        launch.attempt(_withdraw, node)
        launch.attempt(place_files, node)
        launch.attempt(create, node)
        yield launch


def _withdraw(launch: Launch, node: Node) -> None:
    """Take away what Consul knows of an earlier run: its last check may have passed."""
    service_id = launch.registration["id"]
    if node.catalogue.knows(service_id) and launch.todo:
        node.catalogue.deregister(service_id)


def _run(launch: Launch, node: Node) -> None:
    if launch.todo == "start":
        node.engine.start(launch.name)
        launch.done.append("started")
    elif launch.todo == "unpause":
        node.engine.unpause(launch.name)
        launch.done.append("unpaused")
    launch.container = node.engine.container(launch.name)
    if launch.container is None:
        raise ActionError(f"replica {launch.name}: was removed by somebody while it started")
    if has_hooks(POST_START, launch.container) and _is_fresh(launch, node):
        _run_post_start(launch, node)


def _is_fresh(launch: Launch, node: Node) -> bool:
    """It is registered only after its hooks: one that runs and is not known was interrupted in them."""
    return launch.todo == "start" or (not launch.todo and not node.catalogue.knows(launch.name))


def _run_post_start(launch: Launch, node: Node) -> None:
    """After a hook that failed the container is stopped, so that the next start begins anew."""
    try:
        run_hooks(POST_START, launch.container, node.engine, launch.action["deadline_s"])
    except ActionError as error:
        node.engine.stop(launch.name, stop_grace_s(launch.container["Config"]))
        raise ActionError(f"replica {launch.name}: {error}") from None
    launch.done.append("hooks run")


def _register(launches: list[Launch], node: Node) -> None:
    by_id = {launch.registration["id"]: launch for launch in launches}
    definitions = {
        service_id: launch.definition(node.program("replica-health"))
        for service_id, launch in by_id.items()
    }
    for service_id, done in node.catalogue.register(definitions).items():
        by_id[service_id].done.append(done)


def _foresee(launch: Launch, node: Node) -> None:
    launch.done += _FORESEEN[launch.todo]
    if launch.todo in ("create", "recreate"):
        launch.done.append("registered")
        return
    definition = launch.definition(node.program("replica-health"))
    launch.done += node.catalogue.outdated({launch.registration["id"]: definition}).values()
