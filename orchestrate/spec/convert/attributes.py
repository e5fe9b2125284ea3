"""The attributes of a service that only the engine needs, as the module `replicas` takes them.

What is left out, or says what the engine does anyway, is not asked for; so a file that spells out a
default asks for the same container as one that does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orchestrate.spec.convert.fields import Fields, each, read_fields
from orchestrate.spec.located import Plain

_MEANS_SOMETHING_WHEN_OFF = {"init", "mem_swappiness"}
"""These the engine has a default of its own for, which a person may want to turn off."""


def make_attributes(data: Plain) -> dict[str, Any]:
    logging, blkio = data.get("logging", {}), data.get("blkio_config", {})
    read = {
        **read_fields(data, _ATTRIBUTES),
        **read_fields(logging, _LOGGING),
        **read_fields(blkio, _BLKIO),
        "device_requests": _device_requests(data),
    }
    return {
        name: value for name, value in read.items() if value or name in _MEANS_SOMETHING_WHEN_OFF
    }


def _same(value: Plain) -> Plain:
    return value


def _listed(make: Callable[[Plain], Any]) -> Callable[[Plain], list[Any]]:
    return lambda items: list(each(make)(items))


def _rate(limit: Plain) -> dict[str, Any]:
    return {"path": limit["path"], "rate": int(limit["rate"])}


def _extra_hosts(hosts: Plain) -> list[str]:
    return [f"{name}:{address}" for name, addresses in hosts.items() for address in addresses]


def _tmpfs(lines: Plain) -> dict[str, str]:
    return {path: options for path, _, options in (line.partition(":") for line in lines)}


def _device_requests(data: Plain) -> list[dict[str, Any]]:
    reservations = data.get("deploy", {}).get("resources", {}).get("reservations", {})
    asked = [*data.get("gpus", ()), *reservations.get("devices", ())]
    return [_device_request(request) for request in asked]


def _device_request(request: Plain) -> dict[str, Any]:
    """Request all devices unless their number or ids are given; GPUs unless another kind is."""
    ids = request.get("device_ids", [])
    return {
        "driver": request.get("driver", ""),
        "count": 0 if ids else request.get("count", -1),
        "device_ids": ids,
        "capabilities": request.get("capabilities") or ["gpu"],
        "options": request.get("options", {}),
    }


_PLAIN = (
    "hostname",
    "domainname",
    "working_dir",
    "group_add",
    "read_only",
    "init",
    "tty",
    "stdin_open",
    "stop_signal",
    "privileged",
    "cap_add",
    "cap_drop",
    "security_opt",
    "devices",
    "device_cgroup_rules",
    "sysctls",
    "ulimits",
    "pid",
    "ipc",
    "uts",
    "cgroup",
    "userns_mode",
    "cgroup_parent",
    "runtime",
    "storage_opt",
    "annotations",
    "cpuset",
    "cpu_shares",
    "cpu_period",
    "cpu_quota",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "mem_swappiness",
    "oom_kill_disable",
    "oom_score_adj",
)
_ATTRIBUTES: Fields = {
    **{key: (key, _same) for key in _PLAIN},
    "mac_address": ("mac_address", str),
    "memswap_limit": ("memswap_limit", int),
    "shm_size": ("shm_size", int),
    "tmpfs": ("tmpfs", _tmpfs),
    "extra_hosts": ("extra_hosts", _extra_hosts),
}
_LOGGING: Fields = {"driver": ("log_driver", str), "options": ("log_options", dict)}
_BLKIO: Fields = {
    "weight": ("blkio_weight", int),
    "weight_device": ("blkio_weight_device", _same),
    "device_read_bps": ("blkio_read_bps", _listed(_rate)),
    "device_write_bps": ("blkio_write_bps", _listed(_rate)),
    "device_read_iops": ("blkio_read_iops", _listed(_rate)),
    "device_write_iops": ("blkio_write_iops", _listed(_rate)),
}
