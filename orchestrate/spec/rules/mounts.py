"""`volumes` of a service: what appears where in a container."""

from __future__ import annotations

import re
from collections.abc import Mapping

from orchestrate.spec.located import Plain, describe
from orchestrate.spec.rules.cursor import Cursor, MismatchError
from orchestrate.spec.rules.kinds import (
    Finished,
    Forms,
    PassedOver,
    Refused,
    Scalar,
    Section,
    Unique,
)
from orchestrate.spec.rules.scalars import BOOLEAN, SIZE, one_of

VOLUME_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")
_MODE = re.compile(r"[0-7]{1,4}")
_MOST_PARTS = 3
_SHORT = 'a mount such as "data:/var/lib/data" or "/etc/app:/etc/app:ro"'
_RELATIVE = (
    "nodes have no project directory: name a path from / that exists on them, or a volume, or bring "
    'a file there under "configs"'
)
_UNNAMED = (
    "a volume without a name would be lost with its container: "
    'name it, as in "data:/var/lib/data", and declare it under "volumes"'
)
_SELINUX = "label the path on the nodes, and remove this"
_CONSISTENCY = "does nothing on Linux, where a mount is always consistent"
_PROPAGATIONS = ("private", "rprivate", "shared", "rshared", "slave", "rslave")
_WORDS: Mapping[str, Plain] = {
    "rw": {},
    "ro": {"read_only": True},
    "nocopy": {"volume": {"nocopy": True}},
    **{word: {"bind": {"propagation": word}} for word in _PROPAGATIONS},
    **{word: {} for word in ("consistent", "cached", "delegated")},
}
"""What may stand behind the second colon, with commas between them."""


def parse_path(text: str) -> str | None:
    """Strip parts that name no step of the path: `/a//b/./` is `/a/b`."""
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


def parse_target(text: str) -> str | None:
    path = parse_path(text)
    return path if path != "/" else None


SOURCE = Scalar("a path from / or the name of a volume", _parse_source)
TARGET = Scalar("a path in the container, from / and without ..", parse_target)


def _read_short(spot: Cursor) -> Plain:
    parts = str(spot.content).split(":")
    if len(parts) == 1:
        raise MismatchError(_UNNAMED)
    if len(parts) > _MOST_PARTS:
        raise MismatchError(f"expected {_SHORT}, got {describe(spot.content)}")
    source, target, words = (*parts, "rw")[:_MOST_PARTS]
    mount: dict[str, Plain] = {"type": _kind(source)}
    for word in words.split(","):
        mount |= _read_word(spot, word)
    mount["source"] = spot.holding(source).read(SOURCE)
    mount["target"] = spot.holding(target).read(TARGET)
    _check_options(spot, mount["type"], mount)
    return _complete(mount)


def _read_word(spot: Cursor, word: str) -> Plain:
    if word in {"z", "Z"}:
        raise MismatchError(f'"{word}" is not supported: {_SELINUX}')
    if word not in _WORDS:
        raise MismatchError(f'expected "ro", "rw" or another option, got {describe(word)}')
    if _WORDS[word] == {} and word != "rw":
        spot.warn(f'"{word}" {_CONSISTENCY}')
    return _WORDS[word]


def _kind(source: str) -> str:
    return "bind" if source.startswith("/") else "volume"


def _check_options(spot: Cursor, kind: str, mount: Plain) -> None:
    for section in ("bind", "volume", "tmpfs"):
        if section != kind and mount.get(section):
            options = ", ".join(mount[section])
            spot.refuse(f'"{section}" ({options}) has no meaning for a {kind}: remove it')


def _complete(mount: Plain) -> Plain:
    """Give a mount its canonical form; None if a part of it was already refused."""
    kind, source, target = mount.get("type"), mount.get("source"), mount.get("target")
    if kind == "tmpfs" and target is not None:
        return [mount]
    if source is None or target is None or kind != _kind(source):
        return None
    read_only = {"read_only": True} if mount.get("read_only") else {}
    asked = {name: value for name, value in mount.get(kind, {}).items() if value}
    options = {kind: asked} if asked else {}
    return [{"type": kind, "source": source, "target": target, **read_only, **options}]


def _check_source(spot: Cursor, mount: Plain) -> None:
    source, kind = mount.get("source"), mount.get("type")
    if kind:
        _check_options(spot, kind, mount)
    if kind == "tmpfs":
        if source is not None:
            spot.refuse('a tmpfs has no "source": remove it')
        return
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
        "consistency": PassedOver(_CONSISTENCY),
        "bind": Section(
            {
                "create_host_path": BOOLEAN,
                "propagation": one_of(*_PROPAGATIONS),
                "recursive": Refused("remove it"),
                "selinux": Refused(_SELINUX),
            }
        ),
        "volume": Section(
            {
                "labels": Refused('label the volume under the top-level "volumes"'),
                "nocopy": BOOLEAN,
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
