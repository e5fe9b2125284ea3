"""The journal in memory: as in Consul, every write is check-and-set, and one counter counts them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from orchestrate.errors import InputError
from orchestrate.model.journal import FailureRecord, Journal, NodeRecord, ProjectRecord
from orchestrate.model.node_pool import Growth
from tests.builders import KEY


@dataclass(slots=True)
class FakeStore:
    journal: Journal = field(default_factory=Journal)
    writes: int = 0

    def read(self) -> Journal:
        return self.journal

    def save_project(self, record: ProjectRecord) -> ProjectRecord:
        there = self.journal.projects.get(record.name)
        index = self._write(f"projects/{record.name}", record.index, there.index if there else 0)
        saved = replace(record, index=index)
        projects = {**self.journal.projects, record.name: saved}
        self.journal = replace(self.journal, projects=projects)
        return saved

    def restore_project(self, old: ProjectRecord, index: int) -> None:
        self.save_project(replace(old, index=index))

    def forget_project(self, record: ProjectRecord) -> None:
        there = self.journal.projects.get(record.name)
        _check(f"projects/{record.name}", record.index, there.index if there else 0)
        projects = {**self.journal.projects}
        projects.pop(record.name, None)
        self.journal = replace(self.journal, projects=projects)

    def save_nodes(self, records: Mapping[str, NodeRecord]) -> Mapping[str, NodeRecord]:
        """All of them or none."""
        there = self.journal.nodes
        for name, record in records.items():
            _check(f"nodes/{name}", record.index, there[name].index if name in there else 0)
        index = self._written()
        saved = {name: replace(record, index=index) for name, record in records.items()}
        self.journal = replace(self.journal, nodes={**there, **saved})
        return saved

    def overwrite_node(self, name: str, record: NodeRecord) -> None:
        """As by a command that has just read what is there."""
        there = self.journal.nodes.get(name, NodeRecord())
        self.save_nodes({name: replace(record, index=there.index)})

    def forget_node(self, name: str) -> None:
        nodes = {key: record for key, record in self.journal.nodes.items() if key != name}
        self.journal = replace(self.journal, nodes=nodes)

    def save_failures(self, record: FailureRecord) -> FailureRecord:
        index = self._write("failures", record.index, self.journal.failures.index)
        saved = replace(record, index=index)
        self.journal = replace(self.journal, failures=saved)
        return saved

    def save_growth(self, growth: Growth) -> None:
        index = self._write("growth", growth.index, self.journal.growth.index)
        self.journal = replace(self.journal, growth=replace(growth, index=index))

    def note_action(self, at: float) -> None:
        self.journal = replace(self.journal, acted_at=at)

    def make_key(self) -> bytes:
        self.journal = replace(self.journal, key=self.journal.key or KEY)
        return self.journal.key or KEY

    def _write(self, key: str, index: int, there: int) -> int:
        _check(key, index, there)
        return self._written()

    def _written(self) -> int:
        self.writes += 1
        return self.writes


def _check(key: str, index: int, there: int) -> None:
    if index != there:
        raise InputError(f"orchestrate/{key} was changed by somebody else just now: try again")
