# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of a ContainerConfig that are left out unless they are asked for.

One table says of each where the engine has it, and how it is written there and read back; asking,
looking and the arguments of the module `replicas` are all made of it. An engine may take a setting,
warn that its kernel cannot do it, and forget it: `unkept` finds out.
"""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

_TEXT = {"type": "str"}
_NUMBER = {"type": "int"}
_SWITCH = {"type": "bool"}
_TEXTS = {"type": "list", "elements": "str"}
_NAMED = {"type": "dict"}


def _rows(**options: dict) -> dict:
    """Say in Ansible's words: a list of mappings, of which each key must be given."""
    required = {name: {**option, "required": True} for name, option in options.items()}
    return {"type": "list", "elements": "dict", "options": required}


def _same(value: Any) -> Any:
    return value


class Attribute(NamedTuple):
    """`field` is a key of the engine's `Config`, or of its `HostConfig` if `of_host`."""

    field: str
    argument: dict
    of_host: bool = True
    write: Callable[[Any], Any] = _same
    read: Callable[[Any], Any] = _same


def _write_rows(**names: str) -> Callable[[list[dict]], list[dict]]:
    return lambda rows: [{theirs: row[ours] for ours, theirs in names.items()} for row in rows]


def _read_rows(**names: str) -> Callable[[list[dict]], list[dict]]:
    return lambda rows: [{ours: row[theirs] for ours, theirs in names.items()} for row in rows]


def _table(argument: dict, **names: str) -> dict:
    return {"argument": argument, "write": _write_rows(**names), "read": _read_rows(**names)}


def _read_capabilities(names: list[str]) -> list[str]:
    """Some versions of the engine put their own prefix before them."""
    return sorted(name.removeprefix("CAP_") for name in names)


def _write_ulimits(limits: dict) -> list[dict]:
    return [
        {"Name": name, "Soft": int(limit["soft"]), "Hard": int(limit["hard"])}
        for name, limit in sorted(limits.items())
    ]


def _read_ulimits(limits: list[dict]) -> dict:
    return {limit["Name"]: {"soft": limit["Soft"], "hard": limit["Hard"]} for limit in limits}


def _write_requests(requests: list[dict]) -> list[dict]:
    return [
        {
            "Driver": request["driver"],
            "Count": request["count"],
            "DeviceIDs": request["device_ids"],
            "Capabilities": [request["capabilities"]],
            "Options": request["options"],
        }
        for request in requests
    ]


def _read_requests(requests: list[dict]) -> list[dict]:
    return [
        {
            "driver": request["Driver"],
            "count": request["Count"],
            "device_ids": request["DeviceIDs"] or [],
            "capabilities": [name for names in request["Capabilities"] or () for name in names],
            "options": request["Options"] or {},
        }
        for request in requests
    ]


_RATE = _table(_rows(path=_TEXT, rate=_NUMBER), path="Path", rate="Rate")
_WEIGHT = _table(_rows(path=_TEXT, weight=_NUMBER), path="Path", weight="Weight")
_DEVICE = _table(
    _rows(source=_TEXT, target=_TEXT, permissions=_TEXT),
    source="PathOnHost",
    target="PathInContainer",
    permissions="CgroupPermissions",
)
_REQUESTS = _rows(
    driver=_TEXT, count=_NUMBER, device_ids=_TEXTS, capabilities=_TEXTS, options=_NAMED
)

ATTRIBUTES = {
    "hostname": Attribute("Hostname", _TEXT, of_host=False),
    "domainname": Attribute("Domainname", _TEXT, of_host=False),
    "working_dir": Attribute("WorkingDir", _TEXT, of_host=False),
    "tty": Attribute("Tty", _SWITCH, of_host=False),
    "stdin_open": Attribute("OpenStdin", _SWITCH, of_host=False),
    "stop_signal": Attribute("StopSignal", _TEXT, of_host=False),
    "group_add": Attribute("GroupAdd", _TEXTS),
    "read_only": Attribute("ReadonlyRootfs", _SWITCH),
    "init": Attribute("Init", _SWITCH),
    "privileged": Attribute("Privileged", _SWITCH),
    "cap_add": Attribute("CapAdd", _TEXTS, read=_read_capabilities),
    "cap_drop": Attribute("CapDrop", _TEXTS, read=_read_capabilities),
    "security_opt": Attribute("SecurityOpt", _TEXTS),
    "devices": Attribute("Devices", **_DEVICE),
    "device_cgroup_rules": Attribute("DeviceCgroupRules", _TEXTS),
    "device_requests": Attribute(
        "DeviceRequests", _REQUESTS, write=_write_requests, read=_read_requests
    ),
    "sysctls": Attribute("Sysctls", _NAMED),
    "ulimits": Attribute("Ulimits", _NAMED, write=_write_ulimits, read=_read_ulimits),
    "tmpfs": Attribute("Tmpfs", _NAMED),
    "shm_size": Attribute("ShmSize", _NUMBER),
    "pid": Attribute("PidMode", _TEXT),
    "ipc": Attribute("IpcMode", _TEXT),
    "uts": Attribute("UTSMode", _TEXT),
    "cgroup": Attribute("CgroupnsMode", _TEXT),
    "userns_mode": Attribute("UsernsMode", _TEXT),
    "cgroup_parent": Attribute("CgroupParent", _TEXT),
    "runtime": Attribute("Runtime", _TEXT),
    "storage_opt": Attribute("StorageOpt", _NAMED),
    "annotations": Attribute("Annotations", _NAMED),
    "extra_hosts": Attribute("ExtraHosts", _TEXTS),
    "cpuset": Attribute("CpusetCpus", _TEXT),
    "cpu_shares": Attribute("CpuShares", _NUMBER),
    "cpu_period": Attribute("CpuPeriod", _NUMBER),
    "cpu_quota": Attribute("CpuQuota", _NUMBER),
    "cpu_rt_period": Attribute("CpuRealtimePeriod", _NUMBER),
    "cpu_rt_runtime": Attribute("CpuRealtimeRuntime", _NUMBER),
    "memswap_limit": Attribute("MemorySwap", _NUMBER),
    "mem_swappiness": Attribute("MemorySwappiness", _NUMBER),
    "oom_kill_disable": Attribute("OomKillDisable", _SWITCH),
    "oom_score_adj": Attribute("OomScoreAdj", _NUMBER),
    "blkio_weight": Attribute("BlkioWeight", _NUMBER),
    "blkio_weight_device": Attribute("BlkioWeightDevice", **_WEIGHT),
    "blkio_read_bps": Attribute("BlkioDeviceReadBps", **_RATE),
    "blkio_write_bps": Attribute("BlkioDeviceWriteBps", **_RATE),
    "blkio_read_iops": Attribute("BlkioDeviceReadIOps", **_RATE),
    "blkio_write_iops": Attribute("BlkioDeviceWriteIOps", **_RATE),
}
# The engine has these two in one field of its own.
_LOG = {"log_driver": ("Type", _TEXT), "log_options": ("Config", _NAMED)}
ARGUMENTS = {
    **{name: attribute.argument for name, attribute in ATTRIBUTES.items()},
    **{name: argument for name, (_, argument) in _LOG.items()},
}
# Mappings of names to texts.
NAMED = tuple(
    name for name, argument in ARGUMENTS.items() if argument == _NAMED and name != "ulimits"
)
# Off is not what the engine does anyway.
_TELLING_WHEN_OFF = frozenset({"init", "mem_swappiness"})


def write(config: dict, *, of_host: bool) -> dict:
    """Return the engine's fields for what is asked for."""
    fields = {
        attribute.field: attribute.write(config[name])
        for name, attribute in ATTRIBUTES.items()
        if attribute.of_host == of_host and config.get(name) is not None
    }
    log = {theirs: config[name] for name, (theirs, _) in _LOG.items() if config.get(name)}
    return {**fields, "LogConfig": log} if of_host and log else fields


def read(config: dict, host: dict) -> dict:
    """Return what the engine has of these, but for what is as it is without asking."""
    log = host.get("LogConfig") or {}
    seen = {
        **{name: _read(attribute, config, host) for name, attribute in ATTRIBUTES.items()},
        **{name: log.get(theirs) for name, (theirs, _) in _LOG.items()},
    }
    return {
        name: value
        for name, value in seen.items()
        if value or (name in _TELLING_WHEN_OFF and value is not None)
    }


def _read(attribute: Attribute, config: dict, host: dict) -> Any:
    value = (host if attribute.of_host else config).get(attribute.field)
    return attribute.read(value) if value else value


def unkept(wanted: dict, inspection: dict) -> list[str]:
    """Name what was asked for and is not there as it was asked for."""
    seen = read(inspection["Config"], inspection["HostConfig"])
    return [
        name
        for name in ARGUMENTS
        if wanted.get(name) is not None and not _is_kept(name, wanted[name], seen.get(name))
    ]


def _is_kept(name: str, wanted: Any, seen: Any) -> bool:
    if name == "log_options":  # the engine adds its own defaults to them
        return wanted.items() <= (seen or {}).items()
    return wanted == seen or not (wanted or seen)
