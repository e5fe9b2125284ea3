"""The journal, in Consul KV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from orchestrate.model.journal import FailureRecord, Journal, NodeRecord, ProjectRecord
from orchestrate.model.node_pool import Growth


class Store(Protocol):
    """The journal, in Consul KV. Every write is check-and-set against the record that was read."""

    def read(self) -> Journal:
        """Read all that is current, and no revisions."""
        ...

    def save_project(self, record: ProjectRecord) -> ProjectRecord:
        """Write it; returns it with its new index. InputError when somebody wrote in between."""
        ...

    def restore_project(self, old: ProjectRecord, index: int) -> None:
        """Put the record of before in the place of the one with this index."""
        ...

    def forget_project(self, record: ProjectRecord) -> None: ...

    def save_nodes(self, records: Mapping[str, NodeRecord]) -> Mapping[str, NodeRecord]:
        """Write them, by name; returns them with their new indices."""
        ...

    def forget_node(self, name: str) -> None: ...

    def save_failures(self, record: FailureRecord) -> FailureRecord:
        """Write it; returns it with its new index."""
        ...

    def save_growth(self, growth: Growth) -> None: ...

    def note_action(self, at: float) -> None: ...

    def make_key(self) -> bytes:
        """The cluster's key for hashing, made unless there is one."""
        ...
