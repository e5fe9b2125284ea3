"""Several reads or writes of Consul's KV store in one request: all of them are done, or none."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from consul.base import ConsulException

Operation = Mapping[str, Any]
Entry = dict[str, Any]

_MOST_OPERATIONS = 64
_MOST_BYTES = 256 << 10
"""Consul takes 64 operations and 512 KiB, in base64, at once."""
_OK, _CONFLICT = 200, 409


class ConflictError(Exception):
    """A key is not as it was read."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def tree(prefix: str) -> Operation:
    """Read all keys that begin with `prefix`."""
    return {"Verb": "get-tree", "Key": prefix}


def write(key: str, value: str, index: int) -> Operation:
    """Write a key that is as it was at `index`; 0: there is none."""
    encoded = b64encode(value.encode()).decode()
    return {"Verb": "cas", "Key": key, "Value": encoded, "Index": index}


def delete(key: str, index: int) -> Operation:
    """Delete a key that is as it was at `index`."""
    return {"Verb": "delete-cas", "Key": key, "Index": index}


def delete_tree(prefix: str) -> Operation:
    return {"Verb": "delete-tree", "Key": prefix}


def commit(client: Any, operations: Sequence[Operation]) -> list[Entry]:
    """Return the entries that were read, or written (these without their values).

    Reads are consistent. ConflictError, and nothing is done, when a key is not at its index.
    """

    def entries(response: Any) -> list[Entry]:
        if response.code == _CONFLICT:
            failed = json.loads(response.body)["Errors"][0]["OpIndex"]
            raise ConflictError(operations[failed]["Key"])
        if response.code != _OK:
            raise ConsulException(f"{response.code} {response.body}")
        results = json.loads(response.body)["Results"] or ()
        return [_decoded(result["KV"]) for result in results]

    data = json.dumps([{"KV": operation} for operation in operations])
    params = [("consistent", "1")]
    found: list[Entry] = client.http.put(entries, path="/v1/txn", params=params, data=data)
    return found


def batches(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """Split into lists that Consul takes at once."""
    batch: list[Operation] = []
    size = 0
    for operation in operations:
        bytes_ = len(operation["Key"]) + len(operation.get("Value", ""))
        if batch and (len(batch) == _MOST_OPERATIONS or size + bytes_ > _MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(operation)
        size += bytes_
    if batch:
        yield batch


def _decoded(entry: Entry) -> Entry:
    return {**entry, "Value": b64decode(entry["Value"]) if entry.get("Value") else None}
