"""Network policies: nodes learn of new replicas before these start, and of stopped ones afterwards.

A policy follows from the containers, on which stands what networks each is in. Of a node that cannot be
read, the others go on letting in what they let in so far: not seen is not gone.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from itertools import chain
from typing import NamedTuple

from orchestrate.model.network import Network, Policy
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.container import NETWORKS_LABEL, PROJECT_LABEL, Container
from orchestrate.model.observed.node import ObservedNode
from orchestrate.model.plan import Action, SetPolicy, StartReplica, Step, StopReplica
from orchestrate.model.spec.project import Project
from orchestrate.planner.networks.policy_diff import PolicyDiff


class Member(NamedTuple):
    """A replica that has an address."""

    replica: Container
    networks: tuple[Network, ...]


Replicas = Mapping[str, Mapping[str, Member]]
"""Node -> name -> a replica there."""


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
    """`mendable` are the nodes that may get a policy, `planned` the steps that start and stop."""
    actions = [action for step in planned for action in step.actions]
    networks = _Networks()
    all_ = _all(_coming(actions, networks), _present(observed, networks))
    rules = _Rules(internal=_internal(projects, networks.values()))
    given = {one.name: one.network.policy for one in observed.nodes if one.network.policy}
    if not (actions or any(rules.changes(given, all_))):
        return Policies()  # then no policy names a replica that cannot be seen, either
    labels = {one.replica.address: _label(one.replica) for one in _each(all_)}
    rules = dataclasses.replace(rules, unseen=_unseen(observed, labels.keys()))
    seen = {one.name: given[one.name] for one in mendable if one.is_readable and one.name in given}
    before, diff = [*rules.changes(seen, all_)], PolicyDiff(labels)
    gone = {(one.node, one.name) for one in actions if isinstance(one, StopReplica)}
    then = seen | {one.node: one.new for one in before}
    after = rules.changes(then, _without(all_, gone)) if gone else ()
    return Policies(before=tuple(_actions(before, diff)), after=tuple(_actions(after, diff)))


class _Change(NamedTuple):
    node: str
    old: Policy
    new: Policy


def _actions(changes: Iterable[_Change], diff: PolicyDiff) -> Iterator[SetPolicy]:
    for node, old, new in changes:
        yield SetPolicy(node=node, reason=diff.told_apart(old, new), policy=new)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """The inputs of policies besides the replicas themselves.

    `internal`: the networks without a way out. `unseen`: the members of whom nobody can be asked.
    """

    internal: frozenset[str]
    unseen: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def changes(self, seen: Mapping[str, Policy], replicas: Replicas) -> Iterator[_Change]:
        members = self._members(replicas)
        for node, old in sorted(seen.items()):
            policy = self._policy(replicas.get(node, {}).values(), members)
            if policy != old:
                yield _Change(node, old, policy)

    def _policy(self, here: Collection[Member], members: Mapping[str, tuple[str, ...]]) -> Policy:
        joined = {network.name for member in here for network in member.networks}
        confined = [one.replica.address for one in here if self._is_confined(one)]
        return Policy(
            networks={name: members[name] for name in sorted(joined)},
            confined=tuple(sorted(confined)),
        )

    def _members(self, replicas: Replicas) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, set[str]] = defaultdict(set)
        for member in _each(replicas):
            for network in member.networks:
                found[network.name].add(member.replica.address)
        return {
            name: tuple(sorted(addresses | self.unseen.get(name, frozenset())))
            for name, addresses in found.items()
        }

    def _is_confined(self, member: Member) -> bool:
        return all(network.name in self.internal for network in member.networks)


class _Networks(dict[tuple[str, str | None], tuple[Network, ...]]):
    """The networks of replicas, by their projects and labels; most are in the same ones."""

    def member(self, replica: Container) -> Member:
        labels = replica.labels
        key = labels.get(PROJECT_LABEL, ""), labels.get(NETWORKS_LABEL)
        networks = self.get(key)
        if networks is None:
            networks = self[key] = replica.networks
        return Member(replica, networks)


def _present(observed: Observed, networks: _Networks) -> Replicas:
    return {
        node.name: {one.name: networks.member(one) for one in node.engine.containers if one.address}
        for node in observed.nodes
        if node.is_readable
    }


def _coming(actions: Iterable[Action], networks: _Networks) -> Replicas:
    found: dict[str, dict[str, Member]] = defaultdict(dict)
    for one in actions:
        if isinstance(one, StartReplica) and one.address:
            name, config = one.replica.name, one.replica.config
            container = Container(name=name, address=one.address, config=config)
            found[one.node][name] = networks.member(container)
    return found


def _all(coming: Replicas, present: Replicas) -> Replicas:
    """A replica that is there counts as it is."""
    return {**present, **{node: {**here, **present.get(node, {})} for node, here in coming.items()}}


def _without(replicas: Replicas, gone: Collection[tuple[str, str]]) -> Replicas:
    return {
        node: {name: one for name, one in here.items() if (node, name) not in gone}
        for node, here in replicas.items()
    }


def _each(replicas: Replicas) -> Iterator[Member]:
    return chain.from_iterable(here.values() for here in replicas.values())


def _internal(
    projects: Iterable[Project], of_replicas: Iterable[tuple[Network, ...]]
) -> frozenset[str]:
    """A file says so of the replicas of other projects too, and a replica after its file is gone."""
    in_files = (service.network.networks for project in projects for service in project.services)
    networks = chain.from_iterable((*in_files, *of_replicas))
    return frozenset(network.name for network in networks if network.internal)


def _unseen(observed: Observed, seen: Collection[str]) -> Mapping[str, frozenset[str]]:
    """Return the members that policies name in subnets whose replicas no node reports.

    `seen` are the addresses of replicas.
    """
    read = {
        IPv4Network(node.network.subnet)
        for node in observed.nodes
        if node.is_readable and node.network.subnet
    }
    return {
        name: frozenset(
            member for member in members if member not in seen and not _is_within(member, read)
        )
        for name, members in _named(observed).items()
    }


def _named(observed: Observed) -> Mapping[str, set[str]]:
    """Return the members that the nodes' policies name; most nodes have the same of a network."""
    policies = [node.network.policy for node in observed.nodes if node.network.policy]
    named: dict[str, set[str]] = defaultdict(set)
    for name, members in {network for policy in policies for network in policy.networks.items()}:
        named[name].update(members)
    return named


def _is_within(address: str, subnets: Collection[IPv4Network]) -> bool:
    lengths = {subnet.prefixlen for subnet in subnets}
    return any(IPv4Network((address, length), strict=False) in subnets for length in lengths)


def _label(container: Container) -> str:
    return f"{container.project}/{container.service}.{container.slot}"
