"""The rules for resource limits in the words that are older than `deploy.resources`.

A limit that `deploy.resources` has as well is put there: that is its place in the canonical form.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from orchestrate.spec.located import Plain
from orchestrate.spec.quantities import parse_duration
from orchestrate.spec.rules.cursor import Cursor, Rule
from orchestrate.spec.rules.deploy import DEPLOY, check_deploy
from orchestrate.spec.rules.kinds import ListOf, Scalar, Section, in_order
from orchestrate.spec.rules.mounts import parse_path
from orchestrate.spec.rules.scalars import (
    BOOLEAN,
    CORES,
    SIZE,
    WHOLE,
    matching,
    parse_whole,
    whole_between,
)

_NONE = "-1"
_OF_DEPLOY: Mapping[str, tuple[str, ...]] = {
    "cpus": ("resources", "limits", "cpus"),
    "mem_limit": ("resources", "limits", "memory"),
    "pids_limit": ("resources", "limits", "pids"),
    "mem_reservation": ("resources", "reservations", "memory"),
    "scale": ("replicas",),
}


def _parse_microseconds(text: str) -> int | None:
    whole = parse_whole(text)
    if whole is not None:
        return whole
    seconds = parse_duration(text)
    return None if seconds is None else round(seconds * 1_000_000)


def _parse_swap(text: str) -> str | None:
    return _NONE if text == _NONE else SIZE.parse(text)


def _parse_pids(text: str) -> int | None:
    return 0 if text == _NONE else parse_whole(text)


_NEEDS_RATE = {"path": "name the device", "rate": "give its limit in a second"}
_NEEDS_WEIGHT = {"path": "name the device", "weight": "give its weight"}
_PATH = Scalar("the path of a device of the node", parse_path)
_WEIGHT = whole_between(10, 1000, "a weight from 10 to 1000")
_BYTES = ListOf(Section({"path": _PATH, "rate": SIZE}, required=_NEEDS_RATE))
_OPERATIONS = ListOf(Section({"path": _PATH, "rate": WHOLE}, required=_NEEDS_RATE))
_MICROSECONDS = Scalar(
    'a number of microseconds, or a duration such as "10ms"', _parse_microseconds
)

LIMITS: dict[str, Rule] = {
    "scale": WHOLE,
    "cpus": CORES,
    "mem_limit": SIZE,
    "mem_reservation": SIZE,
    "pids_limit": Scalar("a number of processes, or -1 for no limit", _parse_pids),
    "cpuset": matching(
        'processors such as "0-3" or "0,2"', r"[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*"
    ),
    "cpu_shares": WHOLE,
    "cpu_period": _MICROSECONDS,
    "cpu_quota": _MICROSECONDS,
    "cpu_rt_period": _MICROSECONDS,
    "cpu_rt_runtime": _MICROSECONDS,
    "memswap_limit": Scalar("a size of memory and swap together, or -1 for no limit", _parse_swap),
    "mem_swappiness": whole_between(0, 100, "a number from 0 to 100"),
    "shm_size": SIZE,
    "oom_kill_disable": BOOLEAN,
    "oom_score_adj": whole_between(-1000, 1000, "a number from -1000 to 1000"),
    "blkio_config": Section(
        {
            "weight": _WEIGHT,
            "weight_device": ListOf(
                Section({"path": _PATH, "weight": _WEIGHT}, required=_NEEDS_WEIGHT)
            ),
            "device_read_bps": _BYTES,
            "device_write_bps": _BYTES,
            "device_read_iops": _OPERATIONS,
            "device_write_iops": _OPERATIONS,
        }
    ),
}


def check_limits(spot: Cursor, service: Plain) -> None:
    """Bring the two ways of saying a limit together, and hold the limits against each other."""
    older = [key for key in _OF_DEPLOY if key in service]
    for key in older:
        _move(spot, service, key)
    deploy = in_order(DEPLOY, service.get("deploy", {}))
    if older:
        service["deploy"] = deploy
        check_deploy(spot, deploy)
    limits = deploy.get("resources", {}).get("limits", {})
    if "cpus" in limits and {"cpu_period", "cpu_quota"} & service.keys():
        spot.refuse('"cpu_period" and "cpu_quota" are another way to say "cpus": keep one of them')
    _check_swap(spot, service.get("memswap_limit", _NONE), limits.get("memory", "0"))


def _move(spot: Cursor, service: Plain, key: str) -> None:
    value, path = service.pop(key), _OF_DEPLOY[key]
    section = service.setdefault("deploy", {})
    for name in path[:-1]:
        section = section.setdefault(name, {})
    other = section.setdefault(path[-1], value)
    if Decimal(other) != Decimal(value):
        written = ".".join(("deploy", *path))
        spot.refuse(f'"{key}" ({value}) and "{written}" ({other}) differ: keep one of them')


def _check_swap(spot: Cursor, swap: str, memory: str) -> None:
    if swap in {_NONE, "0"}:
        return
    if not int(memory):
        spot.refuse('"memswap_limit" needs a limit of memory: write "mem_limit" too')
    elif int(swap) < int(memory):
        spot.refuse(
            f'"memswap_limit" ({swap}) counts memory too, and is below its limit ({memory})'
        )
