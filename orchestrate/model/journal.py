"""The journal: everything that must survive a cycle and a controller, and that no node can tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from orchestrate.model.node import Added, Availability, Node
from orchestrate.model.node_pool import Growth


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRecord:
    """A deployed project. `data` is its resolved Compose data, `revision` counts its changes from 1.

    `index` is Consul's ModifyIndex of the record (0: there is none yet), for check-and-set.
    """

    name: str
    data: Mapping[str, Any]
    revision: int = 1
    is_removed: bool = False
    is_purged: bool = False
    index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRecord:
    """`drained_by`: when what is still there is stopped all the same; None: it stays until it has moved.

    `way` is how the node was reached while it was in the inventory; None: it was never a part of the cluster.
    `runs_containers` is from then, too.
    """

    availability: Availability = "active"
    drained_by: float | None = None
    unknown_since: float | None = None
    way: Mapping[str, Any] | None = None
    runs_containers: bool = True
    added: Added = ""
    empty_since: float | None = None
    """Since when one that was added has nothing to do."""
    tried_at: float | None = None
    """When waking it, or having it removed, was last tried in vain."""
    given_up: tuple[str, ...] = ()
    """The volumes, as the engine calls them, whose data there was given up at `given_up_at`."""
    given_up_at: float | None = None
    index: int = 0

    @property
    def is_forgotten(self) -> bool:
        return self.availability == "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedStart:
    """A replica of the revision did not come up on the node, at that moment."""

    node: str
    project: str
    service: str
    revision: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRecord:
    """The latest of them, the last at the end."""

    starts: tuple[FailedStart, ...] = ()
    index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """Projects by name, nodes by name.

    `acted_at`: the latest moment, on this machine's clock, at which a cycle may have changed something.
    """

    projects: Mapping[str, ProjectRecord] = field(default_factory=dict)
    nodes: Mapping[str, NodeRecord] = field(default_factory=dict)
    failures: FailureRecord = field(default_factory=FailureRecord)
    acted_at: float = 0
    growth: Growth = field(default_factory=Growth)
    key: bytes | None = field(default=None, repr=False)
    """What the contents of configs and secrets are hashed with; there is none before the first of them."""

    def absent(self, names: Iterable[str]) -> tuple[Node, ...]:
        """The nodes that are not among these, and once were; sorted by name."""
        there = {*names}
        return tuple(
            Node(
                name=name,
                is_leaving=True,
                way=record.way,
                runs_containers=record.runs_containers,
            )
            for name, record in sorted(self.nodes.items())
            if record.way is not None and name not in there
        )

    def marked(
        self, names: Iterable[str], availability: Availability, drained_by: float | None = None
    ) -> Journal:
        """Return the journal with another availability of these nodes."""
        records = {name: self.nodes.get(name, NodeRecord()) for name in names}
        return replace(
            self,
            nodes={
                **self.nodes,
                **{
                    name: replace(record, availability=availability, drained_by=drained_by)
                    for name, record in records.items()
                },
            },
        )
