"""`volumes` of a service: a path of the node, or a volume of the project, and where it appears."""

from __future__ import annotations

import re

from orchestrate.spec.located import Plain, describe
from orchestrate.spec.rules.kinds import Forms, Refused, Scalar, Section, Unique
from orchestrate.spec.rules.scalars import BOOLEAN, one_of
from orchestrate.spec.rules.spot import MismatchError, Spot

VOLUME_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
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
    if source is None or target is None:
        return None
    kind = "bind" if source.startswith("/") else "volume"
    read_only = {"read_only": True} if mount.get("read_only") else {}
    return [{"type": kind, "source": source, "target": target, **read_only}]


def _check_source(spot: Spot, mount: Plain) -> None:
    source, kind = mount.get("source"), mount.get("type")
    if kind and "source" not in dict(spot.entries()):
        spot.refuse(f'has no "source": {_UNNAMED}')
    if kind and source and (kind == "bind") != source.startswith("/"):
        wanted = "a path from /" if kind == "bind" else "the name of a volume"
        spot.refuse(f"the source of a {kind} is {wanted}, got {describe(source)}")


_LONG = Section(
    keys={
        "type": one_of("bind", "volume"),
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
        "tmpfs": Refused("only binds and volumes are mounted"),
        "image": Refused("only binds and volumes are mounted"),
    },
    required={
        "type": 'it is "bind" or "volume"',
        "target": "say where it appears in the container",
    },
    checks=(_check_source,),
)

MOUNTS = Unique(
    item=Forms(
        f"{_SHORT} or a mapping",
        text=_read_short,
        mapping=lambda spot: _complete(_LONG(spot)),
    ),
    identity=lambda mount: mount["target"],
    note="mounted",
)
