"""A node in a network namespace, with replicas that are namespaces on its bridge, and no engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

from orchestrate.adapters import shipped
from tests.collection import ROLES
from tests.until import until

FILES = ROLES / "network/files"
RECORD = {
    "name": "n1",
    "range": "198.19.0.0/16",
    "bridge": True,
    "mtu": 0,
    "vxlan": {"id": 210, "port": 4789},
    "peers": [
        {"name": "n1", "address": "192.0.2.1", "subnet": "198.19.1.0/24"},
        {"name": "n2", "address": "192.0.2.2", "subnet": "198.19.2.0/24"},
    ],
}
GATEWAY, UNDERLAY = "198.19.1.1", "192.0.2.1"
REPLICAS = [f"198.19.1.{number}" for number in (2, 3, 4, 5)]
SERVE, DNS = 8000, 53
MODULE = "ansible_collections.orchestrate.cluster.plugins.modules.network_policy"
_SERVER = """
import http.server, sys
server = http.server.HTTPServer(("", int(sys.argv[1])), http.server.BaseHTTPRequestHandler)
print("up", flush=True)
server.serve_forever()
"""
_TRY = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=1)"


@dataclass(frozen=True)
class Site:
    """A namespace `<name>` for the node, one `<name>-<address>` for each replica."""

    name: str
    directory: Path

    def inside(self, who: str) -> tuple[str, ...]:
        name = self.name if who == GATEWAY else f"{self.name}-{who}"
        return ("ip", "netns", "exec", name)

    def run(self, *command: str, who: str = GATEWAY, must: bool = True) -> str:
        # Without /run no engine answers, whatever runs on the machine.
        alone = ("sh", "-c", 'mount -t tmpfs none /run && exec "$@"', "sh")
        done = subprocess.run(
            [*self.inside(who), *alone, *command], check=False, capture_output=True, text=True
        )
        assert done.returncode == 0 or not must, (command, done.stdout, done.stderr)
        return done.stdout if done.returncode == 0 else ""

    def ask(self, verb: str) -> dict[str, Any]:
        record = str(self.directory / "network.json")
        said = self.run("python3", "-ES", str(FILES / "network"), verb, record)
        return dict(json.loads(said))

    def reaches(self, one: str, other: str, port: int = SERVE) -> bool:
        done = subprocess.run(
            [*self.inside(one), sys.executable, "-c", _TRY, other, str(port)],
            check=False,
            capture_output=True,
        )
        return done.returncode == 0

    def reached(self) -> set[tuple[str, str]]:
        pairs = list(permutations(REPLICAS, 2))
        with ThreadPoolExecutor(len(pairs)) as pool:
            answers = pool.map(lambda pair: self.reaches(*pair), pairs)
        return {pair for pair, is_reached in zip(pairs, answers, strict=True) if is_reached}

    def call_module(self, arguments: dict[str, Any], *, check: bool = False) -> dict[str, Any]:
        """The module `network_policy` as on a node."""
        places = {"program_dir": str(FILES), "record_dir": str(self.directory)}
        given = {**places, "_ansible_check_mode": check, **arguments}
        done = subprocess.run(
            [*self.inside(GATEWAY), sys.executable, "-m", MODULE],
            input=json.dumps({"ANSIBLE_MODULE_ARGS": given}),
            env={**os.environ, "PYTHONPATH": str(shipped.collections())},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout, done.stderr
        return dict(json.loads(done.stdout))

    def tell(self, policy: dict[str, Any]) -> None:
        (self.directory / "policy.json").write_text(json.dumps(policy), encoding="utf-8")


@contextmanager
def made_in(directory: Path, policy: dict[str, Any]) -> Iterator[Site]:
    made = Site(f"guard{os.getpid()}", directory)
    (directory / "network.json").write_text(json.dumps(RECORD), encoding="utf-8")
    with ExitStack() as stack:
        namespace(stack, made.name)
        made.run("ip", "link", "add", "eth0", "type", "bridge")
        made.run("ip", "address", "add", f"{UNDERLAY}/24", "dev", "eth0")
        made.run("ip", "link", "set", "eth0", "up")
        made.tell(policy)
        made.ask("apply")
        for number, address in enumerate(REPLICAS):
            plug(stack, made, address, f"v{number}")
        for who, port in [*((address, SERVE) for address in REPLICAS), (GATEWAY, DNS)]:
            serve(stack, made, who, port)
        yield made


def namespace(stack: ExitStack, name: str) -> None:
    subprocess.run(["ip", "netns", "add", name], check=True)
    stack.callback(subprocess.run, ["ip", "netns", "delete", name], check=True)
    subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)


def plug(stack: ExitStack, site: Site, address: str, port: str) -> None:
    name = f"{site.name}-{address}"
    namespace(stack, name)
    for words in (
        (site.name, "link", "add", port, "type", "veth", "peer", "name", "in", "netns", name),
        (site.name, "link", "set", port, "master", "orch0", "up"),
        (name, "address", "add", f"{address}/24", "dev", "in"),
        (name, "link", "set", "in", "up"),
        (name, "route", "add", "default", "via", GATEWAY),
    ):
        subprocess.run(["ip", "-n", *words], check=True)


def serve(stack: ExitStack, site: Site, who: str, port: int) -> None:
    server = subprocess.Popen(
        [*site.inside(who), sys.executable, "-c", _SERVER, str(port)], stdout=subprocess.PIPE
    )
    stack.callback(server.communicate)
    stack.callback(server.kill)
    assert server.stdout
    assert server.stdout.readline() == b"up\n"
    own = who if who == GATEWAY else "127.0.0.1"
    until(lambda: site.reaches(who, own, port), f"{who} serves")
