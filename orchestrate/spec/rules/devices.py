"""Devices of the node: by their path, or asked for by what they can do."""

from __future__ import annotations

from orchestrate.spec.located import Plain, describe
from orchestrate.spec.rules.cursor import Cursor, MismatchError, Rule
from orchestrate.spec.rules.kinds import Finished, Forms, ListOf, Scalar, Section
from orchestrate.spec.rules.mounts import parse_path
from orchestrate.spec.rules.pairs import OPTIONS
from orchestrate.spec.rules.scalars import matching, whole_between

_MOST_PARTS = 3
_SHORT = 'a device such as "/dev/ttyUSB0" or "/dev/sda:/dev/xvdc:rwm"'
_CDI = "CDI names are not supported: give the path of the device"
_ALL = -1


def _parse_source(text: str) -> str | None:
    if "=" in text:
        raise ValueError(_CDI)
    return parse_path(text)


_LONG = Section(
    {
        "source": Scalar("the path of a device of the node", _parse_source),
        "target": Scalar("a path in the container", parse_path),
        "permissions": matching('some of "rwm"', r"[rwm]{1,3}"),
    },
    required={"source": "give the path of the device"},
)


def _read_short(spot: Cursor) -> Plain:
    parts = str(spot.content).split(":")
    if len(parts) > _MOST_PARTS:
        raise MismatchError(f"expected {_SHORT}, got {describe(spot.content)}")
    named = dict(zip(("source", "target", "permissions"), parts, strict=False))
    return _complete(
        {key: spot.holding(part).read(_LONG.keys[key]) for key, part in named.items() if part}
    )


def _complete(device: Plain) -> Plain:
    source = device.get("source")
    if source is None:
        return None
    return {
        "source": source,
        "target": device.get("target") or source,
        "permissions": device.get("permissions") or "rwm",
    }


def _parse_count(text: str) -> int | None:
    return _ALL if text in {"all", str(_ALL)} else whole_between(1, 1000, "").parse(text)


def _check_request(spot: Cursor, request: Plain) -> None:
    if "count" in request and "device_ids" in request:
        spot.refuse('"count" and "device_ids" exclude each other: remove one')


def _all(spot: Cursor) -> Plain:
    if spot.content != "all":
        raise MismatchError(f'expected "all" or a list of mappings, got {describe(spot.content)}')
    return [{"count": _ALL}]


_REQUEST: dict[str, Rule] = {
    "capabilities": ListOf(matching('a capability such as "gpu"', r"[A-Za-z0-9_-]+")),
    "driver": matching('a driver such as "nvidia"', r"[A-Za-z0-9_.-]*"),
    "count": Scalar('a number of devices, or "all"', _parse_count),
    "device_ids": ListOf(matching("the id of a device", r"\S+")),
    "options": OPTIONS,
}
_GPU = Section(_REQUEST, checks=(_check_request,))

DEVICES = ListOf(
    Forms(f"{_SHORT} or a mapping", text=_read_short, mapping=Finished(_LONG, _complete))
)
RESERVED_DEVICES = ListOf(
    Section(
        _REQUEST,
        required={"capabilities": 'say what they must be able to do, as in "[gpu]"'},
        checks=(_check_request,),
    )
)
GPUS = Forms('"all" or a list of mappings', text=_all, sequence=ListOf(_GPU))
