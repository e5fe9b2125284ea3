"""The play that looks at the nodes, and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orchestrate.render.play import LOGINS, Play

OBSERVE_TASK = "Look at the node"
OBSERVE_TIMEOUT_S = 60
RESOLVING = 3
"""How many hosts ask the registries: one may be silent."""
_RESOLVE = f"{{{{ images_to_resolve if inventory_hostname in ansible_play_hosts_all[:{RESOLVING}] else [] }}}}"


def observe_play(pattern: str, images: Sequence[str] = (), *, count_foreign: bool = False) -> Play:
    """Ask every host that `pattern` matches; a host that does not answer does not end the run.

    The first few are also asked which digests the tags of `images` stand for.
    """
    return {
        "name": "Look at the nodes",
        "hosts": pattern,
        "gather_facts": False,
        "ignore_unreachable": True,
        "vars": {"images_to_resolve": list(images)} if images else {},
        "tasks": [_task(resolve=bool(images), count_foreign=count_foreign)],
    }


def _task(*, resolve: bool, count_foreign: bool) -> dict[str, Any]:
    arguments = {
        **({"resolve": _RESOLVE, **LOGINS} if resolve else {}),
        **({"count_foreign": True} if count_foreign else {}),
    }
    return {
        "name": OBSERVE_TASK,
        "orchestrate.cluster.node_info": arguments,
        "timeout": OBSERVE_TIMEOUT_S,
        "ignore_errors": True,
    }
