"""Consul's catalogue: its entries of nodes that do not answer, and their removal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from consul.base import CB

from orchestrate.adapters.consul.access import Access
from orchestrate.adapters.waiting import Wait
from orchestrate.model.observed.catalogue import CatalogueView
from orchestrate.model.observed.registration import Registration

_NODE_CHECK = "serfHealth"
_ALIVE, _LEFT = 1, 3  # of a member of Serf
_VOTE_WITHIN_S = 15
_PAUSE_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsulCatalogue:
    access: Access

    def remembered(self, nodes: Iterable[str]) -> Mapping[str, CatalogueView]:
        names = list(nodes)
        if not names:
            return {}
        with self.access.speaking("Consul's catalogue cannot be read") as client:
            return {name: _remembered(client, name) for name in names}

    def servers(self) -> Mapping[str, bool]:
        with self.access.speaking("Consul's servers cannot be told") as client:
            status = _members(client)
            return {one["Node"]: status.get(one["Node"]) == _ALIVE for one in _voters(client)}

    def remove_node(self, node: str) -> None:
        """Consul itself gives up what belongs to a member that has left; the rest is done for it."""
        self.access.await_leader()
        with self.access.speaking(f"{node} cannot be taken out of Consul") as client:
            if _members(client).get(node, _LEFT) != _LEFT:
                client.agent.force_leave(node)
            _take_vote(client, node)
            _, entry = client.catalog.node(node)
            if entry:
                client.catalog.deregister(node)


def _members(client: Any) -> dict[str, int]:
    return {member["Name"]: member["Status"] for member in client.agent.members()}


def _voters(client: Any) -> list[dict[str, Any]]:
    servers: list[dict[str, Any]] = client.operator.raft.configuration()["Servers"]
    return [one for one in servers if one["Voter"]]


def _take_vote(client: Any, node: str) -> None:
    """The leader does so itself, as a rule: an election more would be for nothing."""
    wait = Wait(
        what=f"Consul to take the vote of {node}", within_s=_VOTE_WITHIN_S, every_s=_PAUSE_S
    )
    try:
        wait.until(lambda: _require_no_vote(client, node), on=_VotesError)
    except _VotesError as error:
        params = [("id", error.server)]
        client.http.delete(CB.bool(), path="/v1/operator/raft/peer", params=params)


def _require_no_vote(client: Any, node: str) -> None:
    for server in _voters(client):
        if server["Node"] == node:
            raise _VotesError(server["ID"])


class _VotesError(Exception):
    """A server that is gone has a vote yet."""

    def __init__(self, server: str) -> None:
        super().__init__(server)
        self.server = server


def _remembered(client: Any, name: str) -> CatalogueView:
    _, checks = client.health.node(name)
    is_alive = any(
        check["CheckID"] == _NODE_CHECK and check["Status"] == "passing" for check in checks
    )
    _, node = client.catalog.node(name)
    services = (node or {}).get("Services", {})
    return CatalogueView(
        is_alive=is_alive,
        registrations=tuple(
            Registration(
                id=service["ID"],
                service=service["Service"],
                address=service["Address"],
                port=service["Port"],
                meta=service["Meta"] or {},
            )
            for _, service in sorted(services.items())
            if "slot" in (service["Meta"] or {})
        ),
    )
