"""The records of the journal, as keys and JSON values in Consul KV below `orchestrate/`.

orchestrate/lock                      who runs a cycle (adapters.consul.lock)
orchestrate/acted                     when a cycle last changed something
orchestrate/projects/NAME             the deployed project: its resolved Compose data and revision
orchestrate/revisions/NAME/N          the revisions before it
orchestrate/nodes/NAME                availability, since when it is silent, how it is reached, how it came,
                                      what of its data was given up
orchestrate/failures                  where which replicas did not come up lately
orchestrate/growth                    when nodes were last made, and whether that is over
orchestrate/key                       with what the contents of configs and secrets are hashed
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Mapping
from typing import Any

from orchestrate.model.journal import (
    FailedStart,
    FailureRecord,
    Journal,
    NodeRecord,
    ProjectRecord,
)
from orchestrate.model.node_pool import Growth

Entry = Mapping[str, Any]

_ROOT = "orchestrate/"
PROJECTS = f"{_ROOT}projects/"
REVISIONS = f"{_ROOT}revisions/"
NODES = f"{_ROOT}nodes/"
FAILURES = f"{_ROOT}failures"
ACTED = f"{_ROOT}acted"
GROWTH = f"{_ROOT}growth"
KEY = f"{_ROOT}key"
CURRENT = (PROJECTS, NODES, FAILURES, ACTED, GROWTH, KEY)
"""All but the revisions, which nothing reads in a cycle."""
_CLOCK_MARGIN_S = 120


def journal_of(entries: Iterable[Entry]) -> Journal:
    """ValueError, KeyError or TypeError for what makes no sense."""
    found = {entry["Key"]: entry for entry in entries}
    projects = {
        key.removeprefix(PROJECTS): _project(key.removeprefix(PROJECTS), entry)
        for key, entry in found.items()
        if key.startswith(PROJECTS)
    }
    nodes = {
        key.removeprefix(NODES): _node(entry)
        for key, entry in found.items()
        if key.startswith(NODES)
    }
    return Journal(
        projects=projects,
        nodes=nodes,
        failures=_failures(found[FAILURES]) if FAILURES in found else FailureRecord(),
        acted_at=_acted_at(found.get(ACTED)),
        growth=_growth(found.get(GROWTH)),
        key=key_of(found[KEY]) if KEY in found else None,
    )


def _failures(entry: Entry) -> FailureRecord:
    starts = tuple(FailedStart(**one) for one in json.loads(entry["Value"]))
    return FailureRecord(starts=starts, index=entry["ModifyIndex"])


def key_of(entry: Entry) -> bytes:
    return bytes.fromhex(entry["Value"].decode())


def _acted_at(entry: Entry | None) -> float:
    """Another controller's clock may go behind ours by some minutes; our own does not."""
    if entry is None:
        return 0
    value = json.loads(entry["Value"])
    margin_s = 0 if value["host"] == socket.gethostname() else _CLOCK_MARGIN_S
    return float(value["at"]) + margin_s


def _growth(entry: Entry | None) -> Growth:
    if entry is None:
        return Growth()
    value = json.loads(entry["Value"])
    before = value["before"]
    return Growth(
        tried_at=value["tried_at"],
        count=value["count"],
        before=None if before is None else tuple(before),
        index=entry["ModifyIndex"],
    )


def growth_value(growth: Growth) -> dict[str, Any]:
    return {"tried_at": growth.tried_at, "count": growth.count, "before": growth.before}


def project_value(record: ProjectRecord) -> dict[str, Any]:
    return {
        "data": record.data,
        "revision": record.revision,
        "removed": record.is_removed,
        "purged": record.is_purged,
    }


def _project(name: str, entry: Entry) -> ProjectRecord:
    value = json.loads(entry["Value"])
    return ProjectRecord(
        name=name,
        data=value["data"],
        revision=int(value["revision"]),
        is_removed=bool(value["removed"]),
        is_purged=bool(value["purged"]),
        index=entry["ModifyIndex"],
    )


def node_value(record: NodeRecord) -> dict[str, Any]:
    return {
        "availability": record.availability,
        "drained_by": record.drained_by,
        "unknown_since": record.unknown_since,
        "way": record.way,
        "runs_containers": record.runs_containers,
        "added": record.added,
        "empty_since": record.empty_since,
        "tried_at": record.tried_at,
        "given_up": record.given_up,
        "given_up_at": record.given_up_at,
    }


def _node(entry: Entry) -> NodeRecord:
    value = json.loads(entry["Value"])
    return NodeRecord(
        availability=value["availability"],
        drained_by=value["drained_by"],
        unknown_since=value["unknown_since"],
        way=value.get("way"),
        runs_containers=bool(value.get("runs_containers", True)),
        added=value.get("added", ""),
        empty_since=value.get("empty_since"),
        tried_at=value.get("tried_at"),
        given_up=tuple(value.get("given_up", ())),
        given_up_at=value.get("given_up_at"),
        index=entry["ModifyIndex"],
    )


def encoded(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
