"""Writes to an empty journal, for the stores that have to refuse the second of two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from orchestrate.model.journal import FailedStart, FailureRecord, NodeRecord, ProjectRecord
from orchestrate.model.node_pool import Growth
from orchestrate.ports.store import Store
from tests.builders import NOW

FAILED = FailedStart(node="n1", project="counter", service="web", revision="abc", at=NOW)
WRITES: Mapping[str, Callable[[Store], Any]] = {
    "project": lambda store: store.save_project(ProjectRecord(name="counter", data={})),
    "node": lambda store: store.save_nodes({"n1": NodeRecord(availability="draining")}),
    "failures": lambda store: store.save_failures(FailureRecord(starts=(FAILED,))),
    "growth": lambda store: store.save_growth(Growth(tried_at=NOW)),
}
