"""`tmpfs` of a service: what it has in memory, in whichever of its forms it was written."""

from __future__ import annotations

import re

from orchestrate.spec.located import Plain
from orchestrate.spec.rules.cursor import Cursor
from orchestrate.spec.rules.kinds import Scalar, one_or_more
from orchestrate.spec.rules.mounts import parse_target

_OPTIONS = re.compile(r"[a-z]+(=[A-Za-z0-9]+)?(,[a-z]+(=[A-Za-z0-9]+)?)*")


def _parse_tmpfs(text: str) -> str | None:
    """`/run:size=64m,mode=1777`: a path, and what the mount is told."""
    path, colon, options = text.partition(":")
    target = parse_target(path)
    if target is None or (colon and not _OPTIONS.fullmatch(options)):
        return None
    return f"{target}:{options}" if options else target


def join_tmpfs(spot: Cursor, service: Plain) -> None:
    """Put what is mounted as a tmpfs in one place, in whichever of its two forms it was written."""
    volumes = service.get("volumes", [])
    lines = [*service.get("tmpfs", ()), *(_line(one) for one in volumes if one["type"] == "tmpfs")]
    mounted = {mount["target"] for mount in volumes if mount["type"] != "tmpfs"}
    for target in (line.partition(":")[0] for line in lines):
        if target in mounted:
            spot.refuse(f'"tmpfs": something is mounted at {target} already: remove one')
        mounted.add(target)
    if lines:
        service["tmpfs"] = sorted(lines)
    if volumes:
        service["volumes"] = [mount for mount in volumes if mount["type"] != "tmpfs"]


def _line(mount: Plain) -> str:
    options = [f"{name}={value}" for name, value in mount.get("tmpfs", {}).items()]
    options += ["ro"] if mount.get("read_only") else []
    return ":".join(filter(None, (mount["target"], ",".join(options))))


TMPFS = one_or_more(
    "a path or a list of them",
    Scalar('a path in the container such as "/run" or "/run:size=64m"', _parse_tmpfs),
)
