"""Two policies -> the sentence that says how they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from orchestrate.model.network import Policy

Addresses = tuple[str, ...]
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class PolicyDiff:
    """`labels` names the addresses of the replicas that are known; the others are said as they are.

    What many nodes are told of a network is worded once.
    """

    labels: Mapping[str, str]
    _worded: dict[tuple[Addresses, Addresses], tuple[str, str]] = field(default_factory=dict)

    def told_apart(self, old: Policy, new: Policy) -> str:
        parts = [*self._networks(old, new), *self._confined(old, new)]
        return _some(parts, "; ", "; and")

    def _networks(self, old: Policy, new: Policy) -> Iterator[str]:
        for name in sorted({*old.networks, *new.networks}):
            if name not in new.networks:
                yield f"{name} has no replica here any more"
                continue
            came, went = self._changes(old.networks.get(name, ()), new.networks[name])
            if came:
                yield f"{name} admits {came}"
            if went:
                yield f"{name} no longer admits {went}"

    def _confined(self, old: Policy, new: Policy) -> Iterator[str]:
        shut, freed = self._changes(old.confined, new.confined)
        if shut:
            yield f"no outbound access for {shut}"
        if freed:
            yield f"outbound access for {freed}"

    def _changes(self, was: Addresses, will_be: Addresses) -> tuple[str, str]:
        """Name the replicas that a network admits now, and those that it no longer admits."""
        found = self._worded.get((was, will_be))
        if found is None:
            came, went = set(will_be) - set(was), set(was) - set(will_be)
            found = self._worded[was, will_be] = self._named(came), self._named(went)
        return found

    def _named(self, addresses: Iterable[str]) -> str:
        """The replicas of a global service have one name."""
        return _some(sorted({self.labels.get(one, one) for one in addresses}), ", ", " and")


def _some(words: list[str], between: str, last: str) -> str:
    hidden = len(words) - _SHOWN
    return between.join(words[:_SHOWN]) + (f"{last} {hidden} more" if hidden > 0 else "")
