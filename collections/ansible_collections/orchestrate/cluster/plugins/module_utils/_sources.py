# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes, directories and files are there before a container that has them mounted is made."""

from __future__ import annotations

import os

from ansible_collections.orchestrate.cluster.plugins.module_utils._container import PROJECT_LABEL
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._launch import Launch
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import Node


def require_sources(launch: Launch, node: Node) -> None:
    for volume in launch.action["volumes"]:
        _make_volume(launch, node, volume)
    for mount in launch.config["mounts"]:
        _require_source(launch, node, mount)


def _make_volume(launch: Launch, node: Node, volume: dict) -> None:
    name, wanted = volume["name"], volume["labels"].get(PROJECT_LABEL)
    existing = node.engine.volume(name)
    if existing is None:
        node.engine.create_volume(name, volume["labels"])
        launch.done.append(f"volume {name} created")
    elif (existing["Labels"] or {}).get(PROJECT_LABEL) != wanted:
        raise ActionError(
            f"{launch.name}: the volume {name} exists and belongs to something else: its label "
            f"{PROJECT_LABEL} is not {wanted!r}. Rename the volume in the Compose file"
        )


def _make_directory(launch: Launch, mount: dict) -> None:
    """Only where it was asked for: what is missing may be on another node, with somebody's data in it."""
    source = mount["source"]
    if not mount.get("create_host_path"):
        raise ActionError(
            f"{launch.name}: {source} (mounted at {mount['target']}) does not exist on this node: "
            "create it there, let it be created (bind.create_host_path), or place the service elsewhere"
        )
    try:
        os.makedirs(source)
    except OSError as error:
        raise ActionError(f"{launch.name}: {source} cannot be created: {error.strerror}") from error
    launch.done.append(f"directory {source} created")


def _require_source(launch: Launch, node: Node, mount: dict) -> None:
    source = mount["source"]
    if mount["type"] == "bind" and not os.path.exists(source):
        _make_directory(launch, mount)
    if mount["type"] == "volume" and source and node.engine.volume(source) is None:
        # The engine would silently start with an empty one.
        raise ActionError(
            f"{launch.name}: the volume {source} (mounted at {mount['target']}) does not exist on this node"
        )
