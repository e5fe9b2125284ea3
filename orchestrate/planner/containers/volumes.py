"""The named volumes of a project, and what of them and of the node's paths a container has mounted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestrate.model.observed.container import PROJECT_LABEL
from orchestrate.model.spec.project import Project
from orchestrate.model.spec.service import Service
from orchestrate.model.spec.storage import Mount, Volume

VOLUME_LABEL = "com.docker.compose.volume"


def mounted(project: Project, service: Service) -> Mapping[str, Volume]:
    """The volumes that the service mounts, by key."""
    keys = set(volume_keys(service))
    return {one.name: one for one in project.volumes if one.name in keys} if keys else {}


def asked_volume(project: str, volume: Volume) -> dict[str, Any]:
    identity = {PROJECT_LABEL: project, VOLUME_LABEL: volume.name}
    return {"name": volume_name(project, volume), "labels": {**volume.labels, **identity}}


def volume_name(project: str, volume: Volume) -> str:
    """The engine's name of a project's volume; if the file gives it none, as Compose makes it."""
    return volume.called or f"{project}_{volume.name}"


def volume_keys(service: Service) -> tuple[str, ...]:
    mounts = service.storage.mounts
    return tuple(sorted({mount.source for mount in mounts if mount.type == "volume"}))


def asked_mount(mount: Mount, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the mount as the module takes it; `names` are the volumes' names in the engine."""
    options = {
        "create_host_path": mount.create_host_path,
        "propagation": mount.propagation,
        "nocopy": mount.nocopy,
    }
    return {
        "type": mount.type,
        "source": names[mount.source] if mount.type == "volume" else mount.source,
        "target": mount.target,
        "read_only": mount.read_only,
        **{name: value for name, value in options.items() if value},
    }


def mounted_volumes(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The names in the engine of the volumes that a container with this configuration mounts."""
    mounts = config.get("mounts", ())
    return tuple(mount["source"] for mount in mounts if mount["type"] == "volume")
