# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an action to a container that exists: what is there already, what is missing, and making it.

Whatever an interrupted run left behind is taken up where it was: a container that was made and not
started, one that crashed, one that was paused, one whose network was made anew meanwhile.
"""

from __future__ import annotations

import ipaddress

from ansible_collections.orchestrate.cluster.plugins.module_utils import _health_probe
from ansible_collections.orchestrate.cluster.plugins.module_utils._address import (
    address_of,
    choose_address,
    gateway_of,
    subnet_of,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._attributes import unkept
from ansible_collections.orchestrate.cluster.plugins.module_utils._config import create_body
from ansible_collections.orchestrate.cluster.plugins.module_utils._container import is_ours
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._launch import Launch
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import Node
from ansible_collections.orchestrate.cluster.plugins.module_utils._sources import require_sources

WRITTEN = "files written"
# What brings a container in this state to run.
_REMEDY = {
    "created": "start",
    "exited": "start",
    "paused": "unpause",
    "dead": "recreate",
    "running": "",
    "restarting": "",
}


def decide(launch: Launch, node: Node) -> None:
    """Look at what is there and note what is to be done. Nothing is changed."""
    launch.container = node.engine.container(launch.name)
    if launch.container is None:
        launch.todo = "create"
        return
    _refuse_foreign(launch)
    launch.was = launch.container["State"]["Status"]
    if launch.was not in _REMEDY:
        raise ActionError(
            f"{launch.name}: the engine is still at work on it ({launch.was}): try again"
        )
    launch.todo = "" if launch.has_completed() else _REMEDY[launch.was]
    if launch.todo == "start" and not _fits(
        launch.container, node.engine.network(launch.config["network"])
    ):
        launch.todo = "recreate"
    if launch.todo in ("", "unpause"):
        launch.restarts_before = launch.container["RestartCount"]


def place_files(launch: Launch, node: Node) -> None:
    """Before the engine looks for them. What runs has them mounted by another name if it was renamed."""
    name = _holder(launch, node)
    outdated = node.files.outdated(name, launch.files)
    if outdated:
        node.files.write(name, outdated)
        launch.done.append(WRITTEN)


def foresee_files(launch: Launch, node: Node) -> None:
    if node.files.outdated(_holder(launch, node), launch.files):
        launch.done.append(WRITTEN)


def _holder(launch: Launch, node: Node) -> str:
    if launch.todo in ("create", "recreate"):
        return launch.name
    return node.files.holder(launch.container) or launch.name


def create(launch: Launch, node: Node) -> None:
    if launch.todo not in ("create", "recreate"):
        return
    network, config = _network(launch, node), _resolved(launch, node)
    require_sources(launch, node)
    if launch.todo == "recreate":
        node.engine.remove(launch.container["Id"])
    address = choose_address(network, node.engine.containers(), launch.action["address"])
    config["dns"] = config["dns"] or [gateway_of(network)]
    warnings = node.engine.create(launch.name, create_body(config, address))
    _require_kept(launch, node, warnings)
    launch.done.append("created" if launch.todo == "create" else "created anew")
    launch.todo = "start"


def _require_kept(launch: Launch, node: Node, warnings: list[str]) -> None:
    """What the engine did not take over would be missed by whoever asked for it, and by every look."""
    inspection = node.engine.container(launch.name)
    lost = _lost(launch.config, inspection) if inspection else []
    if lost:
        node.engine.remove(inspection["Id"])
        raise ActionError(
            f"{launch.name}: this node does not take {', '.join(lost)}: "
            f"{' '.join(warnings) or 'its engine is too old for it, or its kernel lacks it'}. "
            "Remove it from the file, or choose other nodes by placement.constraints"
        )


def _lost(config: dict, inspection: dict) -> list[str]:
    return unkept(config, inspection) + _health_probe.unkept(config["healthcheck"], inspection)


def _refuse_foreign(launch: Launch) -> None:
    labels = launch.container["Config"]["Labels"] or {}
    if not is_ours(labels):
        raise ActionError(
            f"{launch.name}: a container of this name is here that does not carry our labels; "
            "it is left alone. Rename or remove it by hand"
        )
    other = [
        name for name, value in launch.config["labels"].items() if labels.get(name) != str(value)
    ]
    if other:
        raise ActionError(
            f"{launch.name}: a container of this name is here with other labels "
            f"({', '.join(sorted(other))}): stop it first"
        )


def _fits(container: dict, network: dict | None) -> bool:
    """Tell whether the container can be started in the network as it is now: it may have been made anew."""
    if network is None:
        return False
    endpoint = (container["NetworkSettings"]["Networks"] or {}).get(network["Name"]) or {}
    address = address_of(container, network["Name"])
    same = endpoint.get("NetworkID") in ("", network["Id"])
    return bool(same and address and ipaddress.ip_address(address) in subnet_of(network))


def _network(launch: Launch, node: Node) -> dict:
    name = launch.config["network"]
    network = node.engine.network(name)
    if network is None:
        raise ActionError(
            f"{launch.name}: this node has no network {name!r}: run `orchestrate provision`"
        )
    return network


def _resolved(launch: Launch, node: Node) -> dict:
    """Copy the config with what only this node can fill in."""
    config = dict(launch.config)
    files = [node.files.mount(launch.name, file.target) for file in launch.files]
    config["mounts"] = config["mounts"] + files
    image = node.engine.image(config["image"])
    if image is None:
        raise ActionError(
            f"{launch.name}: the image {config['image']} is not on this node: pull it first"
        )
    if config["command"] == [] and config["entrypoint"] is None:
        # The engine takes an empty command for none, unless the entrypoint is given as well.
        config["entrypoint"] = image["Config"]["Entrypoint"]
    return config
