"""The journal, in Consul KV. `records` has its keys and values."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from secrets import token_hex
from typing import Any

from orchestrate.adapters.consul.access import Access
from orchestrate.adapters.consul.records import (
    ACTED,
    CURRENT,
    FAILURES,
    GROWTH,
    KEY,
    NODES,
    PROJECTS,
    REVISIONS,
    encoded,
    growth_value,
    journal_of,
    key_of,
    node_value,
    project_value,
)
from orchestrate.adapters.consul.transaction import (
    ConflictError,
    Entry,
    Operation,
    batches,
    commit,
    delete,
    delete_tree,
    tree,
    write,
)
from orchestrate.errors import InputError, UnreachableError
from orchestrate.model.journal import (
    FailureRecord,
    Journal,
    NodeRecord,
    ProjectRecord,
)
from orchestrate.model.node_pool import Growth

_KEY_BYTES = 32
_KEPT_REVISIONS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsulStore:
    access: Access

    def read(self) -> Journal:
        """Read everything but the revisions, consistently.

        A record that makes no sense is an error, never nothing.
        """
        with self.access.speaking("the journal cannot be read") as client:
            entries = commit(client, [tree(key) for key in CURRENT])
        try:
            return journal_of(entries)
        except (ValueError, KeyError, TypeError) as error:
            raise UnreachableError(f"the journal in Consul makes no sense: {error!r}") from error

    def save_project(self, record: ProjectRecord) -> ProjectRecord:
        key = f"{PROJECTS}{record.name}"
        with self._writing() as client:
            _put(client, key, project_value(record), record.index)
            client.kv.put(f"{REVISIONS}{record.name}/{record.revision}", encoded(record.data))
            client.kv.delete(f"{REVISIONS}{record.name}/{record.revision - _KEPT_REVISIONS}")
            _, entry = client.kv.get(key)
        return replace(record, index=entry["ModifyIndex"])

    def restore_project(self, old: ProjectRecord, index: int) -> None:
        """Take a deployment back: `old` stands again as if there had been none since."""
        with self._writing() as client:
            _put(client, f"{PROJECTS}{old.name}", project_value(old), index)
            client.kv.delete(f"{REVISIONS}{old.name}/{old.revision + 1}")

    def forget_project(self, record: ProjectRecord) -> None:
        key, revisions = f"{PROJECTS}{record.name}", f"{REVISIONS}{record.name}/"
        self._commit([delete(key, record.index), delete_tree(revisions)])

    def save_nodes(self, records: Mapping[str, NodeRecord]) -> Mapping[str, NodeRecord]:
        operations = (
            write(f"{NODES}{name}", encoded(node_value(record)), record.index)
            for name, record in sorted(records.items())
        )
        written = [entry for batch in batches(operations) for entry in self._commit(batch)]
        indices = {entry["Key"].removeprefix(NODES): entry["ModifyIndex"] for entry in written}
        return {name: replace(record, index=indices[name]) for name, record in records.items()}

    def save_failures(self, record: FailureRecord) -> FailureRecord:
        value = encoded([asdict(start) for start in record.starts])
        (entry,) = self._commit([write(FAILURES, value, record.index)])
        return replace(record, index=entry["ModifyIndex"])

    def forget_node(self, name: str) -> None:
        with self._writing() as client:
            _, entry = client.kv.get(f"{NODES}{name}", consistency="consistent")
        if entry:
            self._commit([delete(entry["Key"], entry["ModifyIndex"])])

    def save_growth(self, growth: Growth) -> None:
        self._commit([write(GROWTH, encoded(growth_value(growth)), growth.index)])

    def note_action(self, at: float) -> None:
        self.access.await_leader()
        with self._writing() as client:
            client.kv.put(ACTED, encoded({"at": at, "host": socket.gethostname()}))

    def make_key(self) -> bytes:
        """Make the cluster's key, or take the key that somebody else has made meanwhile."""
        with self._writing() as client:
            client.kv.put(KEY, token_hex(_KEY_BYTES), cas=0)
            _, entry = client.kv.get(KEY, consistency="consistent")
        return key_of(entry)

    def _writing(self) -> AbstractContextManager[Any]:
        return self.access.speaking("the journal cannot be written")

    def _commit(self, operations: Sequence[Operation]) -> list[Entry]:
        try:
            with self._writing() as client:
                return commit(client, operations)
        except ConflictError as error:
            raise _changed(error.key) from error


def _put(client: Any, key: str, value: Any, index: int) -> None:
    if not client.kv.put(key, encoded(value), cas=index):
        raise _changed(key)


def _changed(key: str) -> InputError:
    return InputError(f"{key} was changed by somebody else just now: try again")
