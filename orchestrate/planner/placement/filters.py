"""The filters of placement: whether a replica can run on a node or stay there, and why not."""

from __future__ import annotations

from collections.abc import Iterable

from orchestrate.model.constraint import Constraint
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Replica
from orchestrate.model.wording import counted
from orchestrate.planner.placement.ledger import Account
from orchestrate.planner.placement.traits import identity_of, traits_of
from orchestrate.scheduler import filters
from orchestrate.scheduler.filters import Refusal
from orchestrate.scheduler.traits import first_broken, other_platform


def refusal(replica: Replica, account: Account) -> str | None:
    """The first filter's reason why `replica` cannot run there; None: it can."""
    ledger = account.ledger
    return filters.refusal(ledger.table, ledger.demand(replica), account.row)


def is_eligible(replica: Replica, account: Account) -> bool:
    """True if the node suits the replica, whether or not there is room now."""
    ledger = account.ledger
    return bool(filters.eligible(ledger.table, ledger.demand(replica))[account.row])


def eviction(replica: Replica, node: ObservedNode) -> str | None:
    """Why a replica that is there may not stay. A cordon and want of room are no such reasons."""
    if not node.node.runs_containers:
        return f"{node.name} no longer runs containers"
    if node.is_leaving:
        return f"{node.name} is no longer in the inventory"
    if node.record.availability == "draining":
        return f"{node.name} is being drained"
    platform, constraints = replica.service.platform, replica.service.deploy.constraints
    if not (platform or constraints):
        return None
    other = other_platform(platform, traits_of(node))
    if other:
        return f"{node.name} {other}"
    broken = broken_constraint(constraints, node)
    return f"{node.name} no longer satisfies {broken}" if broken else None


def broken_constraint(constraints: Iterable[Constraint], node: ObservedNode) -> str | None:
    """The first constraint, as written, that the node does not satisfy."""
    broken = first_broken(constraints, traits_of(node), identity_of(node))
    return str(broken) if broken else None


def by_reason(refusals: Iterable[Refusal]) -> dict[str, tuple[str, ...]]:
    """The nodes that each reason rules out, the most first."""
    nodes: dict[str, tuple[str, ...]] = {}
    for one in refusals:
        nodes[one.reason] = (*nodes.get(one.reason, ()), *one.nodes)
    return dict(sorted(nodes.items(), key=lambda item: (-len(item[1]), item[0])))


def explain(refusals: Iterable[Refusal]) -> str:
    """How many nodes each reason rules out: "2 nodes: memory, needs 2.0 GiB, the freest has 1.2 GiB"."""
    found = tuple(refusals)
    parts = [
        f"{counted(len(nodes), 'node')}: {reason}{_freest(found, reason)}"
        for reason, nodes in by_reason(found).items()
    ]
    return "; ".join(parts) or "no node runs containers"


def _freest(refusals: Iterable[Refusal], reason: str) -> str:
    left = [one.freest for one in refusals if one.reason == reason and one.freest]
    return f", the freest has {max(left, key=lambda one: one.amount)}" if left else ""
