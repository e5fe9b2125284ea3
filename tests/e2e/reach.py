"""Who reaches whom: each replica tries all others, and what is not a replica, at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.e2e.commands import Orchestrate
from tests.e2e.nodes import Node, Nodes

PORT = 8000
_TRY = """
import json, socket, sys
from concurrent.futures import ThreadPoolExecutor
def is_open(target):
    address, _, port = target.rpartition(":")
    try:
        socket.create_connection((address, int(port)), timeout=1.5).close()
    except ConnectionRefusedError:
        return True  # somebody answers
    except OSError:
        return False
    return True
targets = sys.argv[1:]
with ThreadPoolExecutor(len(targets)) as pool:
    print(json.dumps([t for t, o in zip(targets, pool.map(is_open, targets)) if o]))
"""


@dataclass(frozen=True, slots=True)
class Replica:
    """`service` as `project/service`."""

    service: str
    node: str
    container: str
    address: str

    def reached(self, nodes: Nodes, targets: Iterable[str]) -> set[str]:
        """Those of the targets (`address:port`) that answer when it connects."""
        return _tried(nodes[self.node], "docker", "exec", self.container, targets=targets)


def reached_from(node: Node, targets: Iterable[str]) -> set[str]:
    """Those that answer the node itself."""
    return _tried(node, targets=targets)


def _tried(node: Node, *inside: str, targets: Iterable[str]) -> set[str]:
    return set(json.loads(node.run(*inside, "python3", "-c", _TRY, *sorted(targets))))


def replicas_of(orchestrate: Orchestrate, *projects: str) -> list[Replica]:
    rows = orchestrate("ps", "-o", "json").json
    found = [
        Replica(row["replica"].rpartition(".")[0], row["node"], row["container"], row["address"])
        for row in rows
    ]
    return [one for one in found if one.service.partition("/")[0] in projects]


def reachable(nodes: Nodes, replicas: Iterable[Replica]) -> set[tuple[Replica, Replica]]:
    """Every pair of which the first gets through to the second."""
    targets: Mapping[str, Replica] = {f"{one.address}:{PORT}": one for one in replicas}
    return {
        (one, targets[target])
        for one in targets.values()
        for target in one.reached(nodes, targets)
        if targets[target] is not one
    }
