"""The configs and secrets of a service: what its containers are told of them, and whether they are there.

A container carries a label for each, with owner, mode and the keyed hash of the content: so another content
is another revision, and says to nobody without the key what it is.
"""

from __future__ import annotations

import re
from typing import Any

from orchestrate.model.file import FileMount
from orchestrate.model.observed.container import Container
from orchestrate.model.plan import Difference
from orchestrate.model.spec.service import Service

FILE_LABEL = "orchestrate.file."
_NUMBERS = re.compile(r"([0-9]{1,9})(?::([0-9]{1,9}))?")


def file_labels(service: Service) -> dict[str, str]:
    return {
        f"{FILE_LABEL}{mount.target}": f"{state_of(service, mount)} {mount.file.digest}".rstrip()
        for mount in service.storage.files
    }


def owner_of(service: Service, mount: FileMount) -> tuple[int, int]:
    """Return a file's user and group: by default the service's user, if that is a number, else root."""
    found = _NUMBERS.fullmatch(service.container.user)
    user, group = (int(part or 0) for part in found.groups()) if found else (0, 0)
    return (
        user if mount.uid is None else mount.uid,
        group if mount.gid is None else mount.gid,
    )


def state_of(service: Service, mount: FileMount) -> str:
    """Return a file's state as its node reports it: `0:0 0444`."""
    uid, gid = owner_of(service, mount)
    return f"{uid}:{gid} {mount.mode:04o}"


def asked_file(service: Service, mount: FileMount) -> dict[str, Any]:
    """Return the file as the module `replicas` takes it. Ansible reads the content on its way."""
    uid, gid = owner_of(service, mount)
    return {
        "target": mount.target,
        "source": {mount.file.source.kind: mount.file.source.name},
        "uid": uid,
        "gid": gid,
        "mode": f"{mount.mode:04o}",
    }


def other_files(service: Service, container: Container) -> tuple[Difference, ...]:
    """A container cannot be given other files than it was made with."""
    if not (service.storage.files or container.files):
        return ()
    wanted, there = {mount.target for mount in service.storage.files}, set(container.files)
    if wanted == there:
        return ()
    before, after = (" ".join(sorted(paths)) or "(none)" for paths in (there, wanted))
    return (Difference(field="files", before=before, after=after),)


def wrong_file(service: Service, container: Container) -> str:
    """Describe the first file that is not as it should be; empty: all of them are."""
    for mount in service.storage.files:
        there, wanted = container.files.get(mount.target, ""), state_of(service, mount)
        if there != wanted:
            return f"its file {mount.target} is {there}, not {wanted}"
    return ""
