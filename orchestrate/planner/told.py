"""Two policies -> the sentence that says how they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from orchestrate.model.network import Policy

_SHOWN = 3


def told_apart(old: Policy, new: Policy, labels: Mapping[str, str]) -> str:
    """`labels` names the addresses of the replicas that are known; the others are said as they are."""
    parts = [*_networks(old, new, labels), *_confined(old, new, labels)]
    return _some(parts, "; ", "; and")


def _networks(old: Policy, new: Policy, labels: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*old.networks, *new.networks}):
        if name not in new.networks:
            yield f"{name} has nobody here any more"
            continue
        was, will_be = set(old.networks.get(name, ())), set(new.networks[name])
        if came := _named(will_be - was, labels):
            yield f"{name} lets in {came}"
        if went := _named(was - will_be, labels):
            yield f"{name} no longer lets in {went}"


def _confined(old: Policy, new: Policy, labels: Mapping[str, str]) -> Iterator[str]:
    was, will_be = set(old.confined), set(new.confined)
    if shut := _named(will_be - was, labels):
        yield f"no way out for {shut}"
    if freed := _named(was - will_be, labels):
        yield f"a way out for {freed}"


def _named(addresses: Iterable[str], labels: Mapping[str, str]) -> str:
    """The replicas of a global service have one name."""
    return _some(sorted({labels.get(one, one) for one in addresses}), ", ", " and")


def _some(words: list[str], between: str, last: str) -> str:
    hidden = len(words) - _SHOWN
    return between.join(words[:_SHOWN]) + (f"{last} {hidden} more" if hidden > 0 else "")
