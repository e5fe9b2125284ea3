"""Network policies -> a play."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from orchestrate.model.plan import SetPolicy, Step
from orchestrate.render.play import Play, make_play

_SET_POLICY: Mapping[str, Any] = {
    "name": "Update network policy",
    "orchestrate.cluster.network_policy": {
        "networks": "{{ dict(network_policies[inventory_hostname].networks | zip("
        "network_policies[inventory_hostname].networks | map('extract', network_members))) }}",
        "confined": "{{ network_policies[inventory_hostname].confined }}",
    },
}


def policy_plays(step: Step) -> Iterator[Play]:
    """Yield one play; all its nodes get the same members of a network, so a plan lists them once."""
    policies = {
        action.node: action.policy for action in step.actions if isinstance(action, SetPolicy)
    }
    if not policies:
        return
    members = {
        name: addresses
        for policy in policies.values()
        for name, addresses in policy.networks.items()
    }
    variables = {
        "network_members": dict(sorted(members.items())),
        "network_policies": {
            node: {"networks": list(policy.networks), "confined": policy.confined}
            for node, policy in policies.items()
        },
    }
    yield make_play(step.title, sorted(policies), variables, _SET_POLICY)
