# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Docker Engine of this node has: our containers, their images, volumes, and every
published port.
"""

from __future__ import annotations

import shutil

from ansible_collections.orchestrate.cluster.plugins.module_utils._address import (
    address_of,
    gateway_of,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._config import read_image
from ansible_collections.orchestrate.cluster.plugins.module_utils._container import (
    describe,
    is_ours,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._engine import Engine, EngineError
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import UnavailableError
from ansible_collections.orchestrate.cluster.plugins.module_utils._files import Files
from ansible_collections.orchestrate.cluster.plugins.module_utils._foreign import foreign_share
from ansible_collections.orchestrate.cluster.plugins.module_utils._mounts import is_unnamed
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import Node
from ansible_collections.orchestrate.cluster.plugins.module_utils._parallel import each, together
from ansible_collections.orchestrate.cluster.plugins.module_utils._units import Unit, sleeps

_AT_ONCE = 4
_ANY_ADDRESS = frozenset({"0.0.0.0", "::"})
_NOTHING = {
    "containers": [],
    "images": {},
    "tags": [],
    "volumes": [],
    "published": [],
    "addresses": [],
    "foreign": {},
}


def engine_state(
    node: Node, network: str, service: Unit, socket: Unit, *, count_foreign: bool
) -> dict:
    """`count_foreign`: tell also what containers that are not ours may take."""
    if sleeps(service, socket):
        return _without_engine("stopped", f"docker.service is {service.active}")
    try:
        return _ask(node.engine, network, node.files, count_foreign=count_foreign)
    except (UnavailableError, EngineError) as error:
        is_there = service.is_installed or shutil.which("dockerd")
        return _without_engine("stopped" if is_there else "absent", str(error))


def _without_engine(state: str, detail: str) -> dict:
    engine = {"state": state, "version": "", "labels": {}, "detail": detail}
    return {"engine": engine, **_NOTHING}


def _ask(engine: Engine, network: str, files: Files, *, count_foreign: bool) -> dict:
    version = engine.version().engine
    seen = together(
        info=engine.info,
        containers=engine.containers,
        network=lambda: engine.network(network),
        images=engine.images,
        volumes=engine.volumes,
    )
    gateway = gateway_of(seen["network"] or {})
    ours = [listed["Id"] for listed in seen["containers"] if is_ours(listed["Labels"])]
    # A container may vanish between the list and the look at it.
    inspections = [found for found in each(engine.container, ours, _AT_ONCE) if found]
    containers = [describe(inspection, network, gateway, files) for inspection in inspections]
    return {
        "engine": {
            "state": "running",
            "version": version,
            "labels": _labels(seen["info"]),
            "detail": "",
        },
        "containers": sorted(containers, key=lambda container: container["name"]),
        "images": _images(engine, {container["image_id"] for container in containers}),
        "tags": _tags(seen["images"]),
        "volumes": _volumes(seen["volumes"]),
        "published": _published(seen["containers"]),
        "addresses": _addresses(seen["containers"], network),
        "foreign": foreign_share(engine, seen["containers"]) if count_foreign else {},
    }


def _labels(info: dict) -> dict[str, str]:
    """What `dockerd --label` was given; of a name that is there twice the last counts."""
    pairs = (label.partition("=") for label in info.get("Labels") or ())
    return {name: value for name, _, value in pairs}


def _images(engine: Engine, ids: set[str]) -> dict[str, dict]:
    inspections = each(engine.image, sorted(ids), _AT_ONCE)
    return {found["Id"]: read_image(found) for found in inspections if found}


def _tags(images: list[dict]) -> list[str]:
    references = {
        reference
        for image in images
        for reference in (image.get("RepoTags") or []) + (image.get("RepoDigests") or [])
    }
    return sorted(reference for reference in references if "<none>" not in reference)


def _volumes(volumes: list[dict]) -> list[dict]:
    """List those that somebody named, whosoever they are."""
    named = (volume for volume in volumes if not is_unnamed(volume["Name"]))
    seen = [{"name": volume["Name"], "labels": volume["Labels"] or {}} for volume in named]
    return sorted(seen, key=lambda volume: volume["name"])


def _addresses(containers: list[dict], network: str) -> list[str]:
    held = {address_of(container, network) for container in containers}
    return sorted(held - {""})


def _published(containers: list[dict]) -> list[dict]:
    """List the ports of the host that are taken, by whomever; once for both IP versions."""
    taken = {
        (port["PublicPort"], port["Type"], "" if port["IP"] in _ANY_ADDRESS else port["IP"])
        for container in containers
        for port in container.get("Ports") or ()
        if port.get("PublicPort")
    }
    return [
        {"published": published, "protocol": protocol, "host_ip": host_ip}
        for published, protocol, host_ip in sorted(taken)
    ]
