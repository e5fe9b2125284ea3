# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that is to be known of a node, in one answer. Its parts are asked side by side; a part
that is broken says so in its own place and hides none of the others.
"""

from __future__ import annotations

import os
import time

from ansible_collections.orchestrate.cluster.plugins.module_utils._consul_state import consul_state
from ansible_collections.orchestrate.cluster.plugins.module_utils._engine_state import engine_state
from ansible_collections.orchestrate.cluster.plugins.module_utils._network_state import (
    network_state,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import (
    ARGUMENTS as _NODE_ARGUMENTS,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import Node
from ansible_collections.orchestrate.cluster.plugins.module_utils._parallel import together
from ansible_collections.orchestrate.cluster.plugins.module_utils._proxy_state import proxy_state
from ansible_collections.orchestrate.cluster.plugins.module_utils._python import check_python
from ansible_collections.orchestrate.cluster.plugins.module_utils._registry import resolve
from ansible_collections.orchestrate.cluster.plugins.module_utils._units import sleeps, units

ARGUMENTS = {
    **_NODE_ARGUMENTS,
    "network": {"type": "str", "default": "orchestrate"},
    "proxy_config": {"type": "path", "default": "/etc/haproxy/haproxy.cfg"},
    "resolve": {"type": "list", "elements": "str", "default": []},
    "count_foreign": {"type": "bool", "default": False},
}
_UNITS = ("docker.service", "docker.socket", "haproxy.service")
# The names that container images use for what the kernel calls differently.
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}


def observe(parameters: dict) -> dict:
    """The node, from a value for each of ARGUMENTS. ActionError when it cannot be asked with them."""
    check_python()
    node = Node(parameters)
    service, socket, proxy = units(*_UNITS).values()
    seen = together(
        engine=lambda: engine_state(
            node,
            parameters["network"],
            service,
            socket,
            count_foreign=parameters["count_foreign"],
        ),
        network=lambda: network_state(
            node.program("network"),
            node.record("network.json"),
            engine_sleeps=sleeps(service, socket),
        ),
        consul=lambda: consul_state(node.consul, node.registrations, node.program_dir),
        digests=lambda: resolve(parameters["resolve"], node.engine, node.logins),
        proxy=lambda: proxy_state(node.record("proxy.json"), parameters["proxy_config"], proxy),
    )
    return {**_machine(), **seen.pop("engine"), **seen}


def _machine() -> dict:
    system = os.uname()
    return {
        "now": time.time(),
        "hostname": system.nodename,
        "platform": {
            "os": system.sysname.lower(),
            "arch": _ARCHITECTURES.get(system.machine, system.machine),
        },
        "capacity": {"cpus": len(os.sched_getaffinity(0)), "memory": _memory()},
    }


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
