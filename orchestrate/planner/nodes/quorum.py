"""The quorum of Consul's servers without one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def why_needed(name: str, servers: Collection[str], voters: Mapping[str, bool]) -> str:
    """Why its others could not decide without it; empty: they could, or it is no server.

    `servers` are those of the inventory, `voters` those that have a vote, and whether they are alive. Where
    all is well nothing is asked: one or two servers are never enough without one. One that has joined has
    no vote for its first seconds (Consul's `server_stabilization_time`).
    """
    weak = sorted(one for one in {*servers, *voters} - {name} if not voters.get(one))
    others = sum(alive for one, alive in voters.items() if one != name)
    if name not in {*servers, *voters} or not weak or 2 * others > len(voters):
        return ""
    one = weak[0]
    return f"Consul cannot do without it: {one} {'is not alive' if one in voters else 'has no vote yet'}"
