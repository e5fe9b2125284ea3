# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host has of what the roles put there, in one look; they do only what is left to do.

Every place that a role asks about is named here, and no other.
"""

from __future__ import annotations

import grp
import hashlib
import os
import pwd
import shutil
import socket
import stat

from ansible_collections.orchestrate.cluster.plugins.module_utils._consul_state import programs
from ansible_collections.orchestrate.cluster.plugins.module_utils._daemon import (
    SETTINGS,
    settings_at,
    sums_of,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._packages import await_packages
from ansible_collections.orchestrate.cluster.plugins.module_utils._python import check_python
from ansible_collections.orchestrate.cluster.plugins.module_utils._units import Unit, units

_LIB = "/usr/local/lib/orchestrate"
_UNITS = "/etc/systemd/system"
_COMMANDS = ("ip", "nft", "haproxy")
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
SUMMED = (
    f"{_LIB}/replica-health",
    f"{_LIB}/network",
    f"{_LIB}/network_faults.py",
    f"{_LIB}/node_network.py",
    f"{_LIB}/node_policy.py",
    f"{_UNITS}/consul.service",
    f"{_UNITS}/haproxy.service.d/orchestrate.conf",
    f"{_UNITS}/orchestrate-network.service",
    f"{_UNITS}/orchestrate-policy.service",
    "/etc/consul.d/orchestrate.json",
    "/etc/orchestrate/network.json",
)
READ = ("/etc/orchestrate/network.json", "/etc/orchestrate/proxy.json")
DIRECTORIES = ("/etc/consul.d",)
_SERVICES = ("docker", "consul", "haproxy", "orchestrate-network", "orchestrate-policy")
_RESOLVERS = ("/run/systemd/resolve/resolv.conf", "/etc/resolv.conf")
_FAR_AWAY = ("192.0.2.1", 9)  # for documentation, RFC 5737; nothing is sent there


def host() -> dict:
    """ActionError where something cannot be read, though it is there."""
    check_python()
    services = _settled()
    return {
        "address": _address(),
        "nameservers": _nameservers(),
        "commands": {name: shutil.which(name, path=_PATH) or "" for name in _COMMANDS},
        "consul": programs(_LIB),
        "sums": {path: _sum(path) for path in SUMMED},
        "texts": {path: _bytes(path).decode("utf-8", "replace") for path in READ},
        "daemon": sums_of(settings_at(SETTINGS)),
        "directories": {path: _access(path) for path in DIRECTORIES},
        "units": {
            name: {
                "installed": unit.is_installed,
                "active": unit.active == "active",
                "enabled": unit.at_boot == "enabled",
            }
            for name, unit in services.items()
        },
    }


def _settled() -> dict[str, Unit]:
    """A service that is installed and not up may be one that is just being installed."""
    found = units(*_SERVICES)
    if all(unit.is_up or not unit.is_installed for unit in found.values()):
        return found
    await_packages()
    return units(*_SERVICES)


def _address() -> str:
    """Return where the default route starts: the kernel chooses it for whoever is about to send."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        try:
            datagrams.connect(_FAR_AWAY)
        except OSError:
            return ""
        return datagrams.getsockname()[0]


def _nameservers() -> list[str]:
    lines = [
        line.split()
        for path in _RESOLVERS
        for line in _bytes(path).decode("utf-8", "replace").splitlines()
    ]
    found = [words[1] for words in lines if words[:1] == ["nameserver"] and len(words) > 1]
    return list(dict.fromkeys(found))


def _sum(path: str) -> str:
    content = _bytes(path)
    return hashlib.sha256(content).hexdigest() if content else ""


def _bytes(path: str) -> bytes:
    """Return what the file holds; nothing where it is missing."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise ActionError(f"{path} cannot be read: {error.strerror}") from error


def _access(path: str) -> str:
    """Return mode, owner and group, as `2750 root consul`; nothing where it is missing."""
    try:
        found = os.stat(path)
        mode = f"{stat.S_IMODE(found.st_mode):o}"
        return f"{mode} {pwd.getpwuid(found.st_uid).pw_name} {grp.getgrgid(found.st_gid).gr_name}"
    except (OSError, KeyError):
        return ""
