"""The journal, in Consul KV below `orchestrate/`.

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
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from secrets import token_hex
from typing import Any

from orchestrate.adapters.consul.access import Access
from orchestrate.errors import InputError, UnreachableError
from orchestrate.model.journal import (
    FailedStart,
    FailureRecord,
    Journal,
    NodeRecord,
    ProjectRecord,
)
from orchestrate.model.node_pool import Growth

_ROOT = "orchestrate/"
_PROJECTS = f"{_ROOT}projects/"
_REVISIONS = f"{_ROOT}revisions/"
_NODES = f"{_ROOT}nodes/"
_FAILURES = f"{_ROOT}failures"
_ACTED = f"{_ROOT}acted"
_GROWTH = f"{_ROOT}growth"
_KEY = f"{_ROOT}key"
_KEY_BYTES = 32
_KEPT_REVISIONS = 10
_CLOCK_MARGIN_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsulStore:
    access: Access

    def read(self) -> Journal:
        """One consistent read of all of it. A record that makes no sense is an error, never nothing."""
        with self.access.speaking("the journal cannot be read") as client:
            _, entries = client.kv.get(_ROOT, recurse=True, consistency="consistent")
        found = {entry["Key"]: entry for entry in entries or ()}
        try:
            return _journal(found)
        except (ValueError, KeyError, TypeError) as error:
            raise UnreachableError(f"the journal in Consul makes no sense: {error!r}") from error

    def save_project(self, record: ProjectRecord) -> ProjectRecord:
        key = f"{_PROJECTS}{record.name}"
        with self._writing() as client:
            _put(client, key, _value(record), record.index)
            client.kv.put(f"{_REVISIONS}{record.name}/{record.revision}", _text(record.data))
            client.kv.delete(f"{_REVISIONS}{record.name}/{record.revision - _KEPT_REVISIONS}")
            _, entry = client.kv.get(key)
        return replace(record, index=entry["ModifyIndex"])

    def restore_project(self, old: ProjectRecord, index: int) -> None:
        """Take a deployment back: `old` stands again as if there had been none since."""
        with self._writing() as client:
            _put(client, f"{_PROJECTS}{old.name}", _value(old), index)
            client.kv.delete(f"{_REVISIONS}{old.name}/{old.revision + 1}")

    def forget_project(self, record: ProjectRecord) -> None:
        with self._writing() as client:
            client.kv.delete(f"{_PROJECTS}{record.name}", cas=record.index)
            client.kv.delete(f"{_REVISIONS}{record.name}/", recurse=True)

    def save_node(self, name: str, record: NodeRecord) -> None:
        value = {
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
        with self._writing() as client:
            _put(client, f"{_NODES}{name}", value, record.index)

    def save_failures(self, record: FailureRecord) -> FailureRecord:
        with self._writing() as client:
            _put(client, _FAILURES, [asdict(one) for one in record.starts], record.index)
            _, entry = client.kv.get(_FAILURES)
        return replace(record, index=entry["ModifyIndex"])

    def forget_node(self, name: str) -> None:
        with self._writing() as client:
            _, entry = client.kv.get(f"{_NODES}{name}", consistency="consistent")
            if entry:
                client.kv.delete(entry["Key"], cas=entry["ModifyIndex"])

    def save_growth(self, growth: Growth) -> None:
        value = {"tried_at": growth.tried_at, "count": growth.count, "before": growth.before}
        with self._writing() as client:
            _put(client, _GROWTH, value, growth.index)

    def note_action(self, at: float) -> None:
        self.access.await_leader()
        with self._writing() as client:
            client.kv.put(_ACTED, _text({"at": at, "host": socket.gethostname()}))

    def make_key(self) -> bytes:
        """Whoever comes second takes the key of the first."""
        with self._writing() as client:
            client.kv.put(_KEY, token_hex(_KEY_BYTES), cas=0)
            _, entry = client.kv.get(_KEY, consistency="consistent")
        return _key(entry)

    def _writing(self) -> AbstractContextManager[Any]:
        return self.access.speaking("the journal cannot be written")


def _put(client: Any, key: str, value: Any, index: int) -> None:
    if not client.kv.put(key, _text(value), cas=index):
        raise InputError(f"{key} was changed by somebody else just now: try again")


def _journal(found: Mapping[str, Mapping[str, Any]]) -> Journal:
    projects = {
        key.removeprefix(_PROJECTS): _project(key.removeprefix(_PROJECTS), entry)
        for key, entry in found.items()
        if key.startswith(_PROJECTS)
    }
    nodes = {
        key.removeprefix(_NODES): _node(entry)
        for key, entry in found.items()
        if key.startswith(_NODES)
    }
    return Journal(
        projects=projects,
        nodes=nodes,
        failures=_failures(found[_FAILURES]) if _FAILURES in found else FailureRecord(),
        acted_at=_acted_at(found.get(_ACTED)),
        growth=_growth(found.get(_GROWTH)),
        key=_key(found[_KEY]) if _KEY in found else None,
    )


def _failures(entry: Mapping[str, Any]) -> FailureRecord:
    starts = tuple(FailedStart(**one) for one in json.loads(entry["Value"]))
    return FailureRecord(starts=starts, index=entry["ModifyIndex"])


def _key(entry: Mapping[str, Any]) -> bytes:
    return bytes.fromhex(entry["Value"].decode())


def _acted_at(entry: Mapping[str, Any] | None) -> float:
    """Another controller's clock may go behind ours by some minutes; our own does not."""
    if entry is None:
        return 0
    value = json.loads(entry["Value"])
    margin_s = 0 if value["host"] == socket.gethostname() else _CLOCK_MARGIN_S
    return float(value["at"]) + margin_s


def _growth(entry: Mapping[str, Any] | None) -> Growth:
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


def _value(record: ProjectRecord) -> dict[str, Any]:
    return {
        "data": record.data,
        "revision": record.revision,
        "removed": record.is_removed,
        "purged": record.is_purged,
    }


def _project(name: str, entry: Mapping[str, Any]) -> ProjectRecord:
    value = json.loads(entry["Value"])
    return ProjectRecord(
        name=name,
        data=value["data"],
        revision=int(value["revision"]),
        is_removed=bool(value["removed"]),
        is_purged=bool(value["purged"]),
        index=entry["ModifyIndex"],
    )


def _node(entry: Mapping[str, Any]) -> NodeRecord:
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


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
