"""A place where the modules can work: an engine, a network, a Consul agent, and directories."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker

from tests.contract.modules.work import work

PROJECT = "orchestrate-contract"
NETWORK = "orchestrate-contract"
SUBNET = "198.19.200.0/24"
DYNAMIC = "198.19.200.240/28"
GATEWAY = "198.19.200.1"
LABELS = {
    "com.docker.compose.project": PROJECT,
    "com.docker.compose.service": "web",
    "orchestrate.slot": "1",
    "orchestrate.revision": "r1",
}
Answer = dict[str, Any]


class Call:
    """A module at work as on a node: in a process of its own, told by JSON."""

    def __init__(self, module: str, arguments: Answer, **environment: str) -> None:
        self._told, say = _PROCESSES.Pipe(duplex=False)
        told = json.dumps({"ANSIBLE_MODULE_ARGS": arguments})
        self._process = _PROCESSES.Process(
            target=work, args=(module, told, {**os.environ, **environment}, say), daemon=True
        )
        self._process.start()
        say.close()

    def kill(self) -> None:
        self._process.kill()
        self._end()

    def answer(self) -> Answer:
        assert self._told.poll(120), "no answer within two minutes"
        output = self._told.recv()
        self._end()
        assert output, "it failed: its traceback is on stderr"
        return dict(json.loads(output))

    def _end(self) -> None:
        self._process.join()
        self._told.close()


# Forked off a process that has loaded the modules: loading takes longer than most of them work.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload([work.__module__])


@dataclass(frozen=True, slots=True)
class Site:
    client: docker.DockerClient
    image: str
    parameters: dict[str, str]

    def run(self, module: str, **arguments: Any) -> Answer:
        return Call(module, {**self.parameters, **arguments}).answer()

    @contextmanager
    def launch(self, *actions: Answer) -> Iterator[Call]:
        """Run actions without waiting for their end, but not beyond this block."""
        call = Call("replicas", {**self.parameters, "actions": list(actions)})
        try:
            yield call
        finally:
            call.kill()

    def replicas(self, *actions: Answer, check: bool = False) -> Answer:
        return self.run("replicas", actions=list(actions), _ansible_check_mode=check)

    def look(self) -> Answer:
        return dict(self.run("node_info", network=NETWORK)["node"])

    def seen(self, name: str) -> Answer:
        """Return what is told of the container; nothing when there is none."""
        found = {container["name"]: container for container in self.look()["containers"]}
        return dict(found.get(name, {}))

    def registered(self, name: str) -> Answer:
        """Return what is told of the service; nothing when there is none."""
        found = {service["id"]: service for service in self.look()["consul"]["services"]}
        return dict(found.get(name, {}))

    def file(self, name: str) -> Path:
        return Path(self.parameters["consul_config_dir"]) / f"replica-{name}.json"

    def start(self, name: str, kind: str = "tcp", **changes: Any) -> Answer:
        """Return a start; what is not of an action is of the container."""
        own = ("completes", "unattended", "deadline_s", "monitor_s", "volumes")
        of_action: Answer = {key: changes.pop(key) for key in own if key in changes}
        return {
            "action": "start",
            "name": name,
            "config": self.config(**changes),
            "registration": registration(name, kind),
            "deadline_s": 20,
            "monitor_s": 1,
            **of_action,
        }

    def config(self, **changes: Any) -> Answer:
        return {"image": self.image, "labels": LABELS, "network": NETWORK, **changes}


def registration(name: str, kind: str = "tcp") -> Answer:
    return {
        "id": name,
        "service": f"{PROJECT}--web",
        "port": 8000,
        "meta": {"project": PROJECT, "service": "web", "slot": "1", "revision": "r1"},
        "check": {"kind": kind},
    }


def stop(name: str, **changes: Any) -> Answer:
    return {"action": "stop", "name": name, "grace_s": 1, "drain_timeout_s": 0, **changes}
