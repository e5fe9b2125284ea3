"""A hand inside the lab's nodes: to look without asking the product, and to break things.

It reaches in through the engine that carries the lab, so it works whatever the node's network does.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import docker
from docker.models.containers import Container as Machine

from orchestrate.lab import faults
from orchestrate.lab.inside import run_inside
from orchestrate.lab.nodes import address_of, list_nodes, name_of, state_of
from tests.until import until

_LISTED = "{{.Name}} {{.Id}} {{.State.StartedAt}} {{.State.Status}}"
PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
SLOT = "orchestrate.slot"


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A container as its engine has it; `id` and `started_at` tell whether it was left alone."""

    node: str
    name: str
    id: str
    started_at: str
    state: str


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    address: str
    machine: Machine

    def run(self, *words: str, must: bool = True) -> str:
        """A command on the node; its standard output."""
        ended = run_inside(self.machine, words)
        said = (ended.out + (b"" if ended.code == 0 else ended.err)).decode()
        assert ended.code == 0 or not must, (
            f"{self.name}: {shlex.join(words)}: {ended.code}: {said}"
        )
        return said

    def shell(self, text: str) -> str:
        return self.run("sh", "-c", text)

    def is_active(self, unit: str) -> bool:
        return self.run("systemctl", "is-active", unit, must=False).strip() == "active"

    def start_parts(self) -> bool:
        """False while the node is too early in its boot to be told anything."""
        parts = ("docker", "consul", "haproxy")
        self.run("systemctl", "start", *parts, must=False)
        return all(self.is_active(part) for part in parts)

    def containers(self) -> list[Found]:
        """All of them, whoever made them, running or not."""
        listed = self.shell(f"docker ps -aq | xargs -r docker inspect --format '{_LISTED}'")
        rows = (line.split() for line in listed.splitlines())
        return sorted(Found(self.name, name.removeprefix("/"), *rest) for name, *rest in rows)

    def inspect(self, container: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = json.loads(self.run("docker", "inspect", container))
        return found[0]

    def volumes(self) -> set[str]:
        return set(self.run("docker", "volume", "ls", "-q").split())

    def images(self) -> set[str]:
        return set(self.run("docker", "images", "--format", "{{.Repository}}:{{.Tag}}").split())

    def consul(self, path: str, *, must: bool = True) -> Any:
        """What the node's own agent answers to a GET; None where it need not, and has no answer."""
        said = self.run("python3", "-c", _ASK, "GET", path, must=must)
        return json.loads(said) if must or said.startswith(("[", "{")) else None

    def tell_consul(self, path: str) -> None:
        self.run("python3", "-c", _ASK, "PUT", path)


_ASK = (
    "import sys, urllib.request as u;"
    "r = u.Request('http://127.0.0.1:8500/v1/' + sys.argv[2], method=sys.argv[1]);"
    "print(u.urlopen(r, timeout=5).read().decode())"
)


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of one lab, by name."""

    client: docker.DockerClient
    lab: str

    def __getitem__(self, name: str) -> Node:
        return next(node for node in self if node.name == name)

    def __iter__(self) -> Iterator[Node]:
        for machine in list_nodes(self.client, self.lab):
            yield Node(name_of(machine), address_of(machine), machine)

    @property
    def addresses(self) -> list[str]:
        return [node.address for node in self]

    def containers(self) -> list[Found]:
        return [found for node in self for found in node.containers()]

    def running(self) -> dict[str, list[str]]:
        """Node -> the names of the containers that run there."""
        return {
            node.name: [found.name for found in node.containers() if found.state == "running"]
            for node in self
        }

    def journal(self) -> str:
        """What the journal holds of the projects, to the letter; asked of the first agent that answers."""
        said = (node.run("consul", "kv", "get", "-recurse", _JOURNAL, must=False) for node in self)
        return next((text for text in said if "orchestrate/" in text), "")

    def leader(self) -> str:
        """The address of Consul's leader, if the agents of all nodes know one; else nothing."""
        answers = [
            node.run("python3", "-c", _ASK, "GET", "status/leader", must=False) for node in self
        ]
        known = all(answer.strip('"\n ').endswith(":8300") for answer in answers)
        return answers[0].strip('"\n ') if known else ""

    def heal(self) -> None:
        """Every node runs, is connected, its parts run, and its agent knows a leader."""
        for node in self:
            if state_of(node.machine) != "running":
                faults.revive(node.machine)
            until(node.start_parts, f"the parts of {node.name} run", within_s=90)
        until(self.leader, "every agent knows Consul's leader", within_s=90)

    @contextmanager
    def without(self, name: str, harm: str = "kill") -> Iterator[Node]:
        """While the block lasts the node is dead (`kill`), frozen (`pause`), or unplugged (`partition`)."""
        node = self[name]
        getattr(faults, harm)(node.machine)
        try:
            yield node
        finally:
            node.machine.reload()
            faults.revive(node.machine)


_JOURNAL = "orchestrate/projects/"
