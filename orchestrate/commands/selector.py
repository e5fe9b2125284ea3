"""Which replicas a person means by `shop`, `shop/web` or `shop/web.2`, each also of one node: `shop/web@n1`.

Or by the name of a container: while a replica is replaced, there are two of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from orchestrate.errors import InputError
from orchestrate.model.observed.cluster import Observed
from orchestrate.model.observed.node import ObservedNode
from orchestrate.planner.snapshot import ObservedReplica, replicas_by_service

_NAMED = 5


def selected(words: Sequence[str], observed: Observed) -> tuple[ObservedReplica, ...]:
    """Return the replicas that the words name, sorted; all if there are no words.

    InputError: a word names none.
    """
    known = [one for _, group in sorted(replicas_by_service(observed).items()) for one in group]
    for word in words:
        if not any(_is_meant(word, one) for one in known):
            raise InputError(f"{word}: {_not_there(known, observed)}")
    found = [one for one in known if not words or any(_is_meant(word, one) for word in words)]
    return tuple(sorted(found, key=_place))


def names_on(node: str, words: Sequence[str]) -> tuple[str, ...]:
    """Return the words that name replicas of this node, without the node's name."""
    split = (word.partition("@") for word in words)
    return tuple(name for name, at, where in split if not at or where == node)


def is_whole(words: Sequence[str], found: Sequence[ObservedReplica]) -> bool:
    """True if these are all, whatever the nodes that cannot be read may have."""
    return bool(words) and {*words} <= {
        name for one in found for name in (one.label, full_name(one))
    }


def full_name(one: ObservedReplica) -> str:
    """A global service has a replica of the same slot on every node."""
    return f"{one.label}@{one.node.name}"


def replica_names(nodes: Iterable[ObservedNode]) -> Iterator[str]:
    """Yield the full name of each replica on the nodes."""
    for node in nodes:
        for container in node.engine.containers:
            yield f"{container.project}/{container.service}.{container.slot}@{node.name}"


def _is_meant(word: str, one: ObservedReplica) -> bool:
    name, at, node = word.partition("@")
    container = one.container
    service = f"{container.project}/{container.service}"
    is_named = name in {container.project, service, one.label, container.name}
    return is_named and (not at or node == one.node.name)


def _place(one: ObservedReplica) -> tuple[str, str, int, str]:
    container = one.container
    return container.project, container.service, container.slot, one.node.name


def _not_there(known: Sequence[ObservedReplica], observed: Observed) -> str:
    labels = sorted({one.label for one in known})
    more = f" and {len(labels) - _NAMED} more" if len(labels) > _NAMED else ""
    there = f" of this name is there; there are {', '.join(labels[:_NAMED])}{more}"
    silent = ", ".join(node.name for node in observed.nodes if not node.is_readable)
    unread = f"; what is on {silent} cannot be read" if silent else ""
    return f"no replica{there if labels else ' is there'}{unread}"
