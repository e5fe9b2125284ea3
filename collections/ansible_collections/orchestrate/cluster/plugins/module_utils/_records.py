# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The actions that change what Consul or the engine has on record, and no container."""

from __future__ import annotations

from ansible_collections.orchestrate.cluster.plugins.module_utils._address import any_address_of
from ansible_collections.orchestrate.cluster.plugins.module_utils._container import (
    PROJECT_LABEL,
    is_ours,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import Node
from ansible_collections.orchestrate.cluster.plugins.module_utils._registration import definition_of


def register(action: dict, node: Node, *, check_mode: bool) -> list[str]:
    registration = action["registration"]
    name = registration["id"]
    container = node.engine.container(name)
    if container is None or not is_ours(container["Config"]["Labels"]):
        raise ActionError(f"{name}: there is no container of ours with this name to register")
    node.catalogue.knows(name)  # refuses somebody else's service of the same id
    address = any_address_of(container)
    definitions = {name: definition_of(registration, address, node.program("replica-health"))}
    act = node.catalogue.outdated if check_mode else node.catalogue.register
    return list(act(definitions).values())


def deregister(action: dict, node: Node, *, check_mode: bool) -> list[str]:
    if not node.catalogue.knows(action["id"]):
        return []
    if not check_mode:
        node.catalogue.deregister(action["id"])
    return ["deregistered"]


def remove_volume(action: dict, node: Node, *, check_mode: bool) -> list[str]:
    name = action["name"]
    volume = node.engine.volume(name)
    if volume is None:
        return []
    if PROJECT_LABEL not in (volume["Labels"] or {}):
        raise ActionError(
            f"volume {name}: it has no label {PROJECT_LABEL}; it is left alone. Remove it by hand"
        )
    if not check_mode:
        node.engine.remove_volume(name)
    return ["removed"]
