"""Who may reach whom: what each node has to be told before replicas come, and after others went.

A policy follows from the containers, on which stands what networks each is in. Of a node that cannot be
read, the others go on letting in what they let in so far: not seen is not gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import chain

from orchestrate.model.network import Policy
from orchestrate.model.observed import Container, Observed, ObservedNode
from orchestrate.model.plan import Action, SetPolicy, StartReplica, Step, StopReplica
from orchestrate.model.spec import Project
from orchestrate.planner.told import told_apart

Replicas = Mapping[tuple[str, str], Container]
"""(node, name) -> a replica that has an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """What nodes are told before the replicas of a plan start, and after it stopped others."""

    before: tuple[SetPolicy, ...] = ()
    after: tuple[SetPolicy, ...] = ()


def policies(
    observed: Observed,
    mendable: Iterable[ObservedNode],
    projects: Iterable[Project],
    planned: Iterable[Step],
) -> Policies:
    """`mendable` are the nodes that may be told something, `planned` the steps that start and stop."""
    actions = [action for step in planned for action in step.actions]
    all_ = {**_coming(actions), **_present(observed)}
    gone = {(one.node, one.name) for one in actions if isinstance(one, StopReplica)}
    staying = {key: container for key, container in all_.items() if key not in gone}
    rules = _Rules(
        internal=_internal(projects, all_.values()),
        unseen=_unseen(observed),
        labels={container.address: _label(container) for container in all_.values()},
    )
    seen = {one.name: one.policy for one in mendable if one.is_readable and one.policy}
    before = tuple(rules.changes(seen, all_))
    told = seen | {one.node: one.policy for one in before}
    return Policies(before=before, after=tuple(rules.changes(told, staying)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What policies follow from besides the replicas themselves.

    `internal`: the networks without a way out. `unseen`: the members of whom nobody can be asked.
    `labels`: how a person names an address.
    """

    internal: frozenset[str]
    unseen: Mapping[str, frozenset[str]]
    labels: Mapping[str, str]

    def changes(self, seen: Mapping[str, Policy], replicas: Replicas) -> Iterator[SetPolicy]:
        members = self._members(replicas)
        here: dict[str, list[Container]] = defaultdict(list)
        for (node, _), container in replicas.items():
            here[node].append(container)
        for node, old in sorted(seen.items()):
            policy = self._policy(here[node], members)
            if policy != old:
                reason = told_apart(old, policy, self.labels)
                yield SetPolicy(node=node, reason=reason, policy=policy)

    def _policy(self, here: Iterable[Container], members: Mapping[str, tuple[str, ...]]) -> Policy:
        joined = {network.name for container in here for network in container.networks}
        confined = [one.address for one in here if self._is_confined(one)]
        return Policy(
            networks={name: members[name] for name in sorted(joined)},
            confined=tuple(sorted(confined)),
        )

    def _members(self, replicas: Replicas) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, set[str]] = defaultdict(set)
        for container in replicas.values():
            for network in container.networks:
                found[network.name].add(container.address)
        return {
            name: tuple(sorted(addresses | self.unseen.get(name, frozenset())))
            for name, addresses in found.items()
        }

    def _is_confined(self, container: Container) -> bool:
        return all(network.name in self.internal for network in container.networks)


def _present(observed: Observed) -> dict[tuple[str, str], Container]:
    return {
        (node.name, container.name): container
        for node in observed.nodes
        for container in node.containers
        if node.is_readable and container.address
    }


def _coming(actions: Iterable[Action]) -> dict[tuple[str, str], Container]:
    return {
        (one.node, one.replica.name): Container(
            name=one.replica.name, address=one.address, config=one.replica.config
        )
        for one in actions
        if isinstance(one, StartReplica) and one.address
    }


def _internal(projects: Iterable[Project], replicas: Iterable[Container]) -> frozenset[str]:
    """A file says so of the replicas of other projects too, and a replica after its file is gone."""
    in_files = [service.networks for project in projects for service in project.services]
    on_replicas = [container.networks for container in replicas]
    networks = chain.from_iterable((*in_files, *on_replicas))
    return frozenset(network.name for network in networks if network.internal)


def _unseen(observed: Observed) -> Mapping[str, frozenset[str]]:
    """The members that policies name in subnets of which nobody tells what is there."""
    read = {IPv4Network(node.subnet) for node in observed.nodes if node.is_readable and node.subnet}
    lengths = {subnet.prefixlen for subnet in read}
    named: dict[str, set[str]] = defaultdict(set)
    for policy in (node.policy for node in observed.nodes if node.policy):
        for name, members in policy.networks.items():
            named[name].update(members)
    return {
        name: frozenset(
            one
            for one in members
            if not any(IPv4Network((one, length), strict=False) in read for length in lengths)
        )
        for name, members in named.items()
    }


def _label(container: Container) -> str:
    return f"{container.project}/{container.service}.{container.slot}"
