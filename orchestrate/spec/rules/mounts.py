"""`volumes` and `tmpfs` of a service: what appears where in a container."""

from __future__ import annotations

import re

from orchestrate.spec.located import Plain, describe
from orchestrate.spec.rules.kinds import (
    Finished,
    Forms,
    Refused,
    Scalar,
    Section,
    Unique,
    one_or_more,
)
from orchestrate.spec.rules.scalars import BOOLEAN, SIZE, one_of
from orchestrate.spec.rules.spot import MismatchError, Spot

VOLUME_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
_TMPFS_OPTIONS = re.compile(r"[a-z]+(=[A-Za-z0-9]+)?(,[a-z]+(=[A-Za-z0-9]+)?)*")
_MODE = re.compile(r"[0-7]{1,4}")
_MOST_PARTS = 3
_SHORT = 'a mount such as "data:/var/lib/data" or "/etc/app:/etc/app:ro"'
_RELATIVE = "nodes have no project directory: name a path from / that exists on them, or a volume"
_UNNAMED = (
    "a volume without a name would be lost with its container: "
    'name it, as in "data:/var/lib/data", and declare it under "volumes"'
)
_PREPARED = "what is bound must be there already: prepare the nodes, and remove this"


def parse_path(text: str) -> str | None:
    """Without what names no step of the path: `/a//b/./` is `/a/b`."""
    steps = [step for step in text.split("/") if step not in {"", "."}]
    if not text.startswith("/") or ".." in steps or ":" in text:
        return None
    return "/" + "/".join(steps)


def _parse_source(text: str) -> str | None:
    if text.startswith((".", "~")):
        raise ValueError(_RELATIVE)
    if text.startswith("/"):
        return parse_path(text)
    return text if VOLUME_NAME.fullmatch(text) else None


def _parse_target(text: str) -> str | None:
    path = parse_path(text)
    return path if path != "/" else None


SOURCE = Scalar("a path from / or the name of a volume", _parse_source)
TARGET = Scalar("a path in the container, from / and without ..", _parse_target)


def _read_short(spot: Spot) -> Plain:
    parts = str(spot.content).split(":")
    if len(parts) == 1:
        raise MismatchError(_UNNAMED)
    if len(parts) > _MOST_PARTS:
        raise MismatchError(f"expected {_SHORT}, got {describe(spot.content)}")
    source, target, mode = (*parts, "rw")[:_MOST_PARTS]
    if mode not in {"ro", "rw"}:
        raise MismatchError(f'expected the mode "ro" or "rw", got {describe(mode)}')
    return _complete(
        {
            "source": spot.holding(source).read(SOURCE),
            "target": spot.holding(target).read(TARGET),
            "read_only": mode == "ro",
        }
    )


def _complete(mount: Plain) -> Plain:
    """Give a mount its canonical form; None if a part of it was already refused."""
    source, target = mount.get("source"), mount.get("target")
    if mount.get("type") == "tmpfs" and target is not None:
        return [mount]
    if source is None or target is None:
        return None
    kind = "bind" if source.startswith("/") else "volume"
    read_only = {"read_only": True} if mount.get("read_only") else {}
    return [{"type": kind, "source": source, "target": target, **read_only}]


def _parse_tmpfs(text: str) -> str | None:
    """`/run:size=64m,mode=1777`: a path, and what the mount is told."""
    path, colon, options = text.partition(":")
    target = _parse_target(path)
    if target is None or (colon and not _TMPFS_OPTIONS.fullmatch(options)):
        return None
    return f"{target}:{options}" if options else target


def join_tmpfs(spot: Spot, service: Plain) -> None:
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


def _check_source(spot: Spot, mount: Plain) -> None:
    source, kind = mount.get("source"), mount.get("type")
    if kind == "tmpfs":
        if source is not None:
            spot.refuse('a tmpfs has no "source": remove it')
        return
    if "tmpfs" in mount:
        spot.refuse(f'"tmpfs" has no meaning for a {kind}: remove it')
    if kind and "source" not in dict(spot.entries()):
        spot.refuse(f'has no "source": {_UNNAMED}')
    if kind and source and (kind == "bind") != source.startswith("/"):
        wanted = "a path from /" if kind == "bind" else "the name of a volume"
        spot.refuse(f"the source of a {kind} is {wanted}, got {describe(source)}")


def _parse_mode(text: str) -> str | None:
    """Octal digits, in whichever way YAML marks them."""
    digits = text.removeprefix("0o").lstrip("0") or "0"
    return digits if _MODE.fullmatch(digits) else None


_LONG = Section(
    keys={
        "type": one_of("bind", "volume", "tmpfs"),
        "source": SOURCE,
        "target": TARGET,
        "read_only": BOOLEAN,
        "consistency": Refused("it does nothing on Linux: remove it"),
        "bind": Section(
            {
                "create_host_path": Refused(_PREPARED),
                "propagation": Refused("mounts are private to their container: remove it"),
                "recursive": Refused("remove it"),
                "selinux": Refused("label the path on the nodes, and remove this"),
            }
        ),
        "volume": Section(
            {
                "labels": Refused('label the volume under the top-level "volumes"'),
                "nocopy": Refused("a new volume begins with what the image has there: remove it"),
                "subpath": Refused("mount the whole volume: remove it"),
            }
        ),
        "tmpfs": Section(
            {"size": SIZE, "mode": Scalar('a mode in octal digits such as "1777"', _parse_mode)}
        ),
        "image": Refused("put the files into the image of the service"),
    },
    required={
        "type": 'it is "bind", "volume" or "tmpfs"',
        "target": "say where it appears in the container",
    },
    checks=(_check_source,),
)

MOUNTS = Unique(
    item=Forms(
        f"{_SHORT} or a mapping",
        text=_read_short,
        mapping=Finished(_LONG, _complete),
    ),
    identity=lambda mount: mount["target"],
    note="mounted",
)
TMPFS = one_or_more(
    "a path or a list of them",
    Scalar('a path in the container such as "/run" or "/run:size=64m"', _parse_tmpfs),
)
