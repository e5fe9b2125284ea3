"""Which node gets a replica: filter, then rank; equal input, equal answer.

Spread: the fewest replicas of the service, then the fewest replicas at all, then the name. A replica
with a local volume goes where its data is; only when no node has it, anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orchestrate.model.plan import Replica
from orchestrate.planner.filters import explain, refusal
from orchestrate.planner.ledger import Account, mounted_volumes


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The node, or why there is none: the reason of each that was considered."""

    node: str | None
    reasons: tuple[str, ...] = ()

    @property
    def why_not(self) -> str:
        return explain(self.reasons)


def place(replica: Replica, ledger: Mapping[str, Account], only: str = "") -> Placement:
    """Choose a node, `only` that one if it is named, and book the replica there."""
    candidates = [ledger[only]] if only else _where_the_data_is(replica, list(ledger.values()))
    reasons: list[str] = []
    fitting: list[Account] = []
    for account in candidates:
        reason = refusal(replica, account)
        if reason:
            reasons.append(reason)
        else:
            fitting.append(account)
    if not fitting:
        return Placement(node=None, reasons=tuple(reasons))
    best = min(fitting, key=lambda account: _rank(replica, account))
    best.book(replica)
    return Placement(node=best.node.name)


def _where_the_data_is(replica: Replica, accounts: list[Account]) -> list[Account]:
    """The nodes that hold the replica's volumes, unless each already serves another replica of it."""
    wanted = set(mounted_volumes(replica.config))
    holders = [account for account in accounts if wanted & account.volumes]
    service = (replica.project, replica.service.name)
    free = [account for account in holders if not account.replicas[service]]
    return free or accounts


def _rank(replica: Replica, account: Account) -> tuple[int, int, str]:
    service = (replica.project, replica.service.name)
    return account.replicas[service], account.total, account.node.name
