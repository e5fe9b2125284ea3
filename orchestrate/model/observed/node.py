"""A node as a snapshot has it: the inventory's node, beside what three sources say of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from orchestrate.model.node import Node
from orchestrate.model.observed.answer import Answer, Capacity
from orchestrate.model.observed.catalogue import CatalogueView
from orchestrate.model.observed.parts import ConsulAgent, Engine, NodeNetwork, Proxy
from orchestrate.model.observed.record import Record
from orchestrate.model.observed.registration import Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedNode:
    """`answer` is the node's own, `record` the journal's; `catalogue` is None where Consul was not asked."""

    node: Node
    answer: Answer = field(default_factory=Answer)
    record: Record = field(default_factory=Record)
    catalogue: CatalogueView | None = None

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def answered(self) -> bool:
        return self.answer.answered

    @property
    def capacity(self) -> Capacity:
        return self.answer.capacity

    @property
    def engine(self) -> Engine:
        return self.answer.engine

    @property
    def network(self) -> NodeNetwork:
        return self.answer.network

    @property
    def consul(self) -> ConsulAgent:
        return self.answer.consul

    @property
    def proxy(self) -> Proxy:
        return self.answer.proxy

    @property
    def remembered(self) -> tuple[Registration, ...]:
        """The replicas that Consul remembers here; what was on a forgotten node is given up."""
        if self.catalogue is None or self.is_forgotten:
            return ()
        return self.catalogue.registrations

    @property
    def may_be_alive(self) -> bool:
        """True if Consul sees it alive, and where Consul was not asked."""
        return self.catalogue is None or self.catalogue.is_alive

    @property
    def is_leaving(self) -> bool:
        return self.node.is_leaving

    @property
    def is_forgotten(self) -> bool:
        return self.record.availability == "forgotten"

    @property
    def data(self) -> frozenset[str]:
        """The volumes whose data here counts."""
        return frozenset(self.engine.volumes.keys() - self.record.given_up)

    @property
    def is_readable(self) -> bool:
        """True if its containers are all that the engine shows."""
        return self.answer.engine.state == "running"

    @property
    def may_hold_unseen(self) -> bool:
        """True if it may have containers or volumes, and cannot be read."""
        can_hold = self.node.runs_containers and self.engine.state != "absent"
        return can_hold and not self.is_readable
