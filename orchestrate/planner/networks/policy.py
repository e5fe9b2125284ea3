"""Network policies: nodes learn of new replicas before these start, and of stopped ones afterwards.

A policy follows from the containers, on which stands what networks each is in. Of a node that cannot be
read, the others go on letting in what they let in so far: not seen is not gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from itertools import chain
from typing import NamedTuple

from orchestrate.model.network import Network, Policy
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.container import Container
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Action, SetPolicy, StartReplica, Step, StopReplica
from orchestrate.model.spec.project import Project
from orchestrate.planner.networks.policy_diff import PolicyDiff


class Member(NamedTuple):
    """A replica that has an address."""

    address: str
    label: str
    networks: tuple[Network, ...]


Replicas = Mapping[tuple[str, str], Member]
"""(node, name) -> a replica."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """The updates of policies before the replicas of a plan start, and after it stopped others."""

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
    labels = {one.address: one.label for one in all_.values()}
    rules = _Rules(
        internal=_internal(projects, all_.values()),
        unseen=_unseen(observed, labels.keys()),
        reporter=PolicyDiff(labels),
    )
    seen = {
        one.name: one.network.policy for one in mendable if one.is_readable and one.network.policy
    }
    before = tuple(rules.changes(seen, all_))
    told = seen | {one.node: one.policy for one in before}
    return Policies(before=before, after=tuple(rules.changes(told, staying)) if gone else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """The inputs of policies besides the replicas themselves.

    `internal`: the networks without a way out. `unseen`: the members of whom nobody can be asked.
    `reporter`: how a person is told of changes.
    """

    internal: frozenset[str]
    unseen: Mapping[str, frozenset[str]]
    reporter: PolicyDiff

    def changes(self, seen: Mapping[str, Policy], replicas: Replicas) -> Iterator[SetPolicy]:
        members = self._members(replicas)
        here: dict[str, list[Member]] = defaultdict(list)
        for (node, _), member in replicas.items():
            here[node].append(member)
        for node, old in sorted(seen.items()):
            policy = self._policy(here[node], members)
            if policy != old:
                reason = self.reporter.told_apart(old, policy)
                yield SetPolicy(node=node, reason=reason, policy=policy)

    def _policy(self, here: Iterable[Member], members: Mapping[str, tuple[str, ...]]) -> Policy:
        joined = {network.name for member in here for network in member.networks}
        confined = [one.address for one in here if self._is_confined(one)]
        return Policy(
            networks={name: members[name] for name in sorted(joined)},
            confined=tuple(sorted(confined)),
        )

    def _members(self, replicas: Replicas) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, set[str]] = defaultdict(set)
        for member in replicas.values():
            for network in member.networks:
                found[network.name].add(member.address)
        return {
            name: tuple(sorted(addresses | self.unseen.get(name, frozenset())))
            for name, addresses in found.items()
        }

    def _is_confined(self, member: Member) -> bool:
        return all(network.name in self.internal for network in member.networks)


def _present(observed: Observed) -> dict[tuple[str, str], Member]:
    return {
        (node.name, container.name): _member(container)
        for node in observed.nodes
        for container in node.engine.containers
        if node.is_readable and container.address
    }


def _coming(actions: Iterable[Action]) -> dict[tuple[str, str], Member]:
    return {
        (one.node, one.replica.name): _member(
            Container(name=one.replica.name, address=one.address, config=one.replica.config)
        )
        for one in actions
        if isinstance(one, StartReplica) and one.address
    }


def _internal(projects: Iterable[Project], replicas: Iterable[Member]) -> frozenset[str]:
    """A file says so of the replicas of other projects too, and a replica after its file is gone."""
    in_files = [service.network.networks for project in projects for service in project.services]
    on_replicas = [member.networks for member in replicas]
    networks = chain.from_iterable((*in_files, *on_replicas))
    return frozenset(network.name for network in networks if network.internal)


def _unseen(observed: Observed, seen: Collection[str]) -> Mapping[str, frozenset[str]]:
    """The members that policies name in subnets of which nobody tells what is there.

    `seen` are the addresses of replicas. What most nodes were told of a network is the same.
    """
    read = {
        IPv4Network(node.network.subnet)
        for node in observed.nodes
        if node.is_readable and node.network.subnet
    }
    lengths = {subnet.prefixlen for subnet in read}
    policies = [node.network.policy for node in observed.nodes if node.network.policy]
    named: dict[str, set[str]] = defaultdict(set)
    for name, members in {told for policy in policies for told in policy.networks.items()}:
        named[name].update(members)
    return {
        name: frozenset(
            one
            for one in members
            if one not in seen
            and not any(IPv4Network((one, length), strict=False) in read for length in lengths)
        )
        for name, members in named.items()
    }


def _member(container: Container) -> Member:
    label = f"{container.project}/{container.service}.{container.slot}"
    return Member(container.address, label, container.networks)
