"""A snapshot of a cluster, written down in a few lines of YAML.

    nodes:
      n1:
        runs:
          web.1: {}                          # as the file says, passing
          web.2: {state: exited, exit_code: 137}
          web.3: {was: {image: web:1}}       # made when the file said otherwise
          web.3 too: {}                      # another of the same slot
          redis.1: {by_hand: {memory: 5}}    # its configuration was changed since
      n2: {silent_for: 60, remembers: [web.4]}

Keys of a replica: those of a container, `was`, `by_hand`, `labels`, `registered` (false, or fields of the
registration) and `project`. Keys of a node: those of an observed node, `runs`, `silent_for`, `remembers`, and
`failed`: how often a replica such as `web.1` failed to start there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.container import Container
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.observed.parts import Part
from orchestrate.model.observed.registration import Registration
from orchestrate.model.plan import Replica
from orchestrate.model.spec.project import Project
from orchestrate.planner.containers.replica import wanted_replica
from orchestrate.planner.gateway.ports import published
from orchestrate.planner.gateway.routes import configuration, routes
from tests.builders import (
    NOW,
    changed,
    container_of,
    node,
    observed,
    project,
    registration_of,
    service,
)
from tests.observed import altered

Compact = Mapping[str, Any]
_PARTS = ("engine", "network", "consul", "proxy")


class Snapshot:
    def __init__(self, projects: Sequence[Project]) -> None:
        self.projects = {project.name: project for project in projects}

    def read(self, text: Compact) -> Observed:
        nodes = [self._node(name, dict(said or {})) for name, said in text["nodes"].items()]
        found, _ = routes(self.projects.values(), nodes)
        ports, _ = published([*self.projects.values()], nodes)
        current = configuration(found, ports).fingerprint
        return observed(
            *(
                altered(one, routes=current) if one.proxy.routes == "current" else one
                for one in nodes
            )
        )

    def _node(self, name: str, said: dict[str, Any]) -> ObservedNode:
        runs = [
            self._replica(label, said_of or {}) for label, said_of in said.pop("runs", {}).items()
        ]
        known: dict[str, Any] = {
            "containers": tuple(one for one, _ in runs),
            "registrations": (
                *(one for _, one in runs if one),
                *(Registration(**one) for one in said.pop("registrations", ())),
            ),
            "tags": frozenset(one.config["image"] for one, _ in runs) | set(said.pop("tags", ())),
            "volumes": {
                mount["source"]: one.project
                for one, _ in runs
                for mount in one.config["mounts"]
                if mount["type"] == "volume"
            },
            "remembered": tuple(
                registration_of(self._wanted(label, {})) for label in said.pop("remembers", ())
            ),
            "failed": {
                (one.project, one.service.name, one.revision): count
                for label, count in said.pop("failed", {}).items()
                for one in [self._wanted(label, {})]
            },
        }
        if "silent_for" in said:
            silent = {key: known[key] for key in ("remembered", "failed")}
            known = silent | {
                "answered": False,
                "alive_for_consul": False,
                "unknown_since": NOW - said.pop("silent_for"),
            }
        else:
            known |= {"routes": "current", "gateway": "10.210.0.1"}
        for part in _PARTS & said.keys():
            said[part] = Part(**said[part] | {"problems": tuple(said[part].get("problems", ()))})
        if "is_leaving" in said:
            said["availability"] = "leaving"
        if "peers" in said:
            said["peers"] = frozenset(said["peers"])
        if "given_up" in said:
            said["given_up"] = frozenset(said["given_up"])
        if "groups" in said:
            said["groups"] = frozenset(said["groups"])
        if "published" in said:
            said["published"] = frozenset((port, "tcp") for port in said["published"])
        return node(name=name, **known | said)

    def _replica(self, label: str, said: Compact) -> tuple[Container, Registration | None]:
        fields = dict(said)
        wanted = self._wanted(label, {key: fields.pop(key, None) for key in ("was", "project")})
        config = dict(fields.pop("by_hand", {}))
        if "labels" in fields:
            config["labels"] = {**wanted.config["labels"], **fields.pop("labels")}
        registered = fields.pop("registered", {})
        container = container_of(wanted, config=config, **fields)
        if registered is False:
            return container, None
        known = {"id": container.name} | registered
        return container, registration_of(wanted, **known)

    def _wanted(self, label: str, said: Compact) -> Replica:
        """The replica of a service that no file has is one of a service with nothing but a name."""
        name, _, slot = label.partition(" ")[0].rpartition(".")
        of = said.get("project") or next(iter(self.projects))
        within = self.projects.get(of, project(name=of))
        now = next((one for one in within.services if one.name == name), service(name=name))
        return wanted_replica(within, changed(now, **said.get("was") or {}), int(slot))
