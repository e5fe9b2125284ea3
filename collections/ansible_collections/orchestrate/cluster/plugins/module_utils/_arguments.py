# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module `replicas` may be told."""

from __future__ import annotations

from ansible_collections.orchestrate.cluster.plugins.module_utils._attributes import (
    ARGUMENTS as ATTRIBUTES,
)

_PROPAGATIONS = ("private", "rprivate", "shared", "rshared", "slave", "rslave")
_TEXTS = {"type": "list", "elements": "str", "default": []}
_HEALTHCHECK = {
    "test": {"type": "list", "elements": "str", "required": True},
    "interval_s": {"type": "float", "default": 30},
    "timeout_s": {"type": "float", "default": 30},
    "retries": {"type": "int", "default": 3},
    "start_period_s": {"type": "float", "default": 0},
    "start_interval_s": {"type": "float", "default": 0},
}
_MOUNT = {
    "type": {"type": "str", "choices": ["bind", "volume"], "required": True},
    "source": {"type": "str", "required": True},
    "target": {"type": "path", "required": True},
    "read_only": {"type": "bool", "default": False},
    "create_host_path": {"type": "bool", "default": False},
    "propagation": {"type": "str", "choices": list(_PROPAGATIONS)},
    "nocopy": {"type": "bool", "default": False},
}
_PORT = {
    "target": {"type": "int", "required": True},
    "published": {"type": "int", "default": 0},
    "protocol": {"type": "str", "choices": ["tcp", "udp", "sctp"], "default": "tcp"},
    "host_ip": {"type": "str", "default": ""},
}
_CONFIG = {
    "image": {"type": "str", "required": True},
    "command": {"type": "list", "elements": "str"},
    "entrypoint": {"type": "list", "elements": "str"},
    "environment": {"type": "dict", "default": {}},
    "labels": {"type": "dict", "default": {}},
    "user": {"type": "str", "default": ""},
    "mounts": {"type": "list", "elements": "dict", "options": _MOUNT, "default": []},
    "ports": {"type": "list", "elements": "dict", "options": _PORT, "default": []},
    "expose": {"type": "list", "elements": "int", "default": []},
    "healthcheck": {"type": "dict", "options": _HEALTHCHECK},
    "memory": {"type": "int", "default": 0},
    "memory_reservation": {"type": "int", "default": 0},
    "cpus": {"type": "float", "default": 0},
    "pids": {"type": "int", "default": 0},
    "stop_grace_s": {"type": "int", "default": 10},
    "restart": {"type": "str", "default": "unless-stopped"},
    "network": {"type": "str", "default": "orchestrate"},
    "mac_address": {"type": "str"},
    "dns": _TEXTS,
    "dns_search": _TEXTS,
    "dns_options": _TEXTS,
    **ATTRIBUTES,
}
_VOLUME = {
    "name": {"type": "str", "required": True},
    "labels": {"type": "dict", "default": {}},
}
_FILE = {
    "target": {"type": "str", "required": True},
    "content": {"type": "str", "required": True, "no_log": True},
    "uid": {"type": "int", "default": 0},
    "gid": {"type": "int", "default": 0},
    "mode": {"type": "str", "default": "0444"},
}
_CHECK = {
    "kind": {"type": "str", "choices": ["tcp", "engine", "none"], "required": True},
    "interval_s": {"type": "float", "default": 1},
    "timeout_s": {"type": "float", "default": 1},
}
_REGISTRATION = {
    "id": {"type": "str", "required": True},
    "service": {"type": "str", "required": True},
    "port": {"type": "int", "default": 0},
    "tags": _TEXTS,
    "aliases": _TEXTS,
    "meta": {"type": "dict", "required": True},
    "check": {"type": "dict", "options": _CHECK, "required": True},
}
# What each kind of action must be given.
NEEDS = {
    "pull": ("image",),
    "start": ("name", "config", "registration"),
    "stop": ("name",),
    "register": ("registration",),
    "deregister": ("id",),
    "remove_volume": ("name",),
}
ACTIONS = {
    "type": "list",
    "elements": "dict",
    "required": True,
    "options": {
        "action": {"type": "str", "choices": list(NEEDS), "required": True},
        "image": {"type": "str"},
        "always": {"type": "bool", "default": False},
        "name": {"type": "str"},
        "config": {"type": "dict", "options": _CONFIG},
        "address": {"type": "str", "default": ""},
        "volumes": {"type": "list", "elements": "dict", "options": _VOLUME, "default": []},
        "files": {"type": "list", "elements": "dict", "options": _FILE, "default": []},
        "registration": {"type": "dict", "options": _REGISTRATION},
        "completes": {"type": "bool", "default": False},
        "unattended": {"type": "bool", "default": False},
        "deadline_s": {"type": "float", "default": 60},
        "monitor_s": {"type": "float", "default": 5},
        "grace_s": {"type": "int"},
        "drain_timeout_s": {"type": "float", "default": 30},
        "remove": {"type": "bool", "default": True},
        "id": {"type": "str"},
    },
}
